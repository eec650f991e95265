#!/bin/bash
# Reads from and publishes to livetape with curl alone.
#
#   livetape.sh read 'market/*'                  prints the stream as it comes
#   livetape.sh publish orders/1001 order '{"number":1001,"status":"paid"}'
#   livetape.sh follow 'orders/*' position.txt   one event a line, as JSON with topic, type, time
#                                                and data; continues behind the id kept in the file
#
# LIVETAPE_URL is the server, LIVETAPE_TOKEN the token if one is needed.
set -euo pipefail

url=${LIVETAPE_URL:-http://127.0.0.1:8000}

# A token among the arguments would stand in the list of processes; a file descriptor does not.
call() {
  curl -sS --fail-with-body --connect-timeout 5 "$@" \
    --config <([[ -z ${LIVETAPE_TOKEN:-} ]] || echo "header = \"Authorization: Bearer $LIVETAPE_TOKEN\"")
}

# stream TOPICS [ID [HEAD]]: ends by itself after 15 s without a byte; the server says something every
# 5 s. HEAD is a file for the head of the answer.
stream() {
  call --no-buffer --speed-limit 1 --speed-time 15 --get "$url/api/v1/stream" \
    --data-urlencode "topics=$1" --header "Last-Event-ID: ${2:-}" --dump-header "${3:-/dev/null}"
}

# publish TOPIC TYPE DATA: the same key on each try, so that a record is never there twice.
publish() {
  local key pause status
  key=$(cat /proc/sys/kernel/random/uuid)
  for pause in 1 2 4 8 0; do
    status=0
    call --retry 5 --retry-connrefused --max-time 30 "$url/api/v1/publish" \
      --header 'Content-Type: application/json' --header "Idempotency-Key: $key" \
      --data "{\"topic\":\"$1\",\"type\":\"$2\",\"data\":$3}" || status=$?
    # 52, 55, 56: the connection broke before the answer, which --retry leaves to us.
    [[ $status == 5[256] ]] || break
    sleep $pause
  done
  echo
  return $status
}

# events FILE: from the lines of a stream, events without control events; keeps the last id.
events() {
  local line id='' type='' data='' kept
  kept=$(cat "$1" 2>/dev/null || true)
  while IFS= read -r line || [[ -n $line ]]; do
    case $line in
      '{'*) echo "$line" >&2 ;; # no stream but a refusal, in JSON
      'id: '*) id=${line#id: } ;;
      'event: '*) type=${line#event: } ;;
      'data: '*) data+=${data:+$'\n'}${line#data: } ;;
      '')
        case $type in
          '' | hello | heartbeat | slow | drain | auth) ;;
          gap) echo "gap: $data" >&2 ;;
          *) printf '%s\n' "$data" || return ;;
        esac
        if [[ -n $id && $id != "$kept" ]]; then
          kept=$id
          { echo "$id" >"$1.new" && mv "$1.new" "$1"; } || return # never half an id
        fi
        type='' data=''
        ;;
    esac
  done
}

follow() {
  local status ends delay=2
  head=$(mktemp)
  trap 'rm -f "$head"' EXIT
  while true; do
    ends=(0 0)
    stream "$1" "$(cat "$2" 2>/dev/null || true)" "$head" | events "$2" || ends=("${PIPESTATUS[@]}")
    status=${ends[0]}
    [[ ${ends[1]} == 0 ]] || return "${ends[1]}" # who reads us has gone, or the file takes nothing
    # 22: an answer that is no stream. Only some pass. All else is a connection that ended.
    [[ $status != 22 ]] || grep -qE '^HTTP/[0-9.]+ (429|502|503|504)' "$head" || return 1
    [[ $status == 22 ]] || delay=2
    sleep $((RANDOM % (delay + 1) + delay))
    delay=$((delay < 30 ? delay * 2 : 60))
  done
}

case ${1:-} in
  read) stream "$2" ;;
  publish) publish "$2" "$3" "$4" ;;
  follow) follow "$2" "$3" ;;
  *)
    sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
    exit 2
    ;;
esac
