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

# stream TOPICS [ID]: ends by itself after 15 s without a byte; the server says something every 5 s.
stream() {
  call --no-buffer --speed-limit 1 --speed-time 15 --get "$url/api/v1/stream" \
    --data-urlencode "topics=$1" --header "Last-Event-ID: ${2:-}"
}

# publish TOPIC TYPE DATA: the same key on each try, so that a record is never there twice.
publish() {
  call --retry 5 --retry-connrefused --max-time 30 "$url/api/v1/publish" \
    --header 'Content-Type: application/json' \
    --header "Idempotency-Key: $(cat /proc/sys/kernel/random/uuid)" \
    --data "{\"topic\":\"$1\",\"type\":\"$2\",\"data\":$3}"
  echo
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
          *) printf '%s\n' "$data" ;;
        esac
        if [[ -n $id && $id != "$kept" ]]; then
          kept=$id
          echo "$id" >"$1.new" && mv "$1.new" "$1" # never half an id
        fi
        type='' data=''
        ;;
    esac
  done
}

follow() {
  local status
  while true; do
    status=0
    stream "$1" "$(cat "$2" 2>/dev/null || true)" | events "$2" || status=${PIPESTATUS[0]}
    # 22: an answer that is no stream. All else is a connection that ended: come back.
    [[ $status != 22 ]] || return 1
    sleep $((RANDOM % 3 + 2))
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
