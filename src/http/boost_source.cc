// The function bodies of Asio and Beast, compiled once for all of http/.

#include <boost/asio/impl/src.hpp>
#include <boost/beast/src.hpp>
