# livetape_embed(TARGET FILE HEADER NAMESPACE CONSTANT): the library TARGET, whose HEADER (as it is
# included: "web/page.h") declares NAMESPACE::CONSTANT, the bytes of FILE as a std::string_view.
# FILE may be made by the build; nothing but the build folder is written to.
#
# Run as a script (cmake -P, with INPUT, OUTPUT, HEADER, NAMESPACE, CONSTANT) it writes the source.

if(CMAKE_SCRIPT_MODE_FILE)
  file(READ ${INPUT} bytes HEX)
  string(REGEX REPLACE "(..)" "\\\\x\\1" escapes "${bytes}")
  # 24 bytes a line: "\x3c\x21..."
  string(REPEAT "...." 24 line)
  string(REGEX REPLACE "(${line})" "\\1\"\n    \"" escapes "${escapes}")
  file(WRITE ${OUTPUT}
    "#include \"${HEADER}\"\n\n"
    "namespace ${NAMESPACE} {\n\n"
    "namespace {\n"
    "constexpr char kBytes[] =\n    \"${escapes}\";\n"
    "}  // namespace\n\n"
    "constinit const std::string_view ${CONSTANT}(kBytes, sizeof(kBytes) - 1);\n\n"
    "}  // namespace ${NAMESPACE}\n")
  return()
endif()

set(LIVETAPE_EMBED_SCRIPT ${CMAKE_CURRENT_LIST_FILE})

function(livetape_embed target file header namespace constant)
  set(folder ${CMAKE_BINARY_DIR}/generated/${target})
  get_filename_component(name ${file} NAME)
  set(source ${folder}/${name}.cc)

  file(CONFIGURE OUTPUT ${folder}/${header} @ONLY CONTENT
"#pragma once

// ${name}, embedded in the program. Generated; read-only.

#include <string_view>

namespace ${namespace} {

extern const std::string_view ${constant};

}  // namespace ${namespace}
")
  add_custom_command(
    OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DINPUT=${file} -DOUTPUT=${source} -DHEADER=${header}
            -DNAMESPACE=${namespace} -DCONSTANT=${constant} -P ${LIVETAPE_EMBED_SCRIPT}
    DEPENDS ${file} ${LIVETAPE_EMBED_SCRIPT}
    COMMENT "Embedding ${name}"
    VERBATIM)
  add_library(${target} STATIC ${source})
  target_include_directories(${target} PUBLIC ${folder})
endfunction()
