# Sourced by scripts that people call: with --help or -h the comment at the script's head is printed, and
# nothing else is done.
#
#   . "$(dirname "$0")/usage.sh"
case ${1:-} in
  --help | -h)
    sed -n '2,${/^#/!q;s/^# \{0,1\}//;p}' "$0"
    exit 0
    ;;
esac
