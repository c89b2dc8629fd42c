#!/bin/sh
# Grants the rights that newsmill needs, and no more. Safe to run again.
#
#   BOOTSTRAP_SERVERS=broker1:9092 COMMAND_CONFIG=admin.properties PRINCIPAL=User:newsmill deploy/kafka/acls.sh
#   ... deploy/kafka/acls.sh --remove
#
# Every variable below can be set from outside; --remove wants the same ones. KAFKA_BIN is the folder of Kafka's own
# scripts. tests/kafka runs this file against a broker with an authorizer, and takes each right of the worker's away once.
set -eu

: "${BOOTSTRAP_SERVERS:=localhost:9092}"
: "${KAFKA_BIN:=/opt/kafka/bin}"
: "${COMMAND_CONFIG:=/dev/null}" # client properties of an administrator, where the cluster asks for them
: "${PRINCIPAL:=User:newsmill}"
: "${INPUT_TOPICS:=articles.raw}" # separated by spaces
: "${OUTPUT_TOPIC:=articles.enriched}"
: "${DEAD_LETTER_TOPIC:=articles.dead-letters}"
: "${GROUP_ID:=newsmill}"
: "${JOBS:=no}"        # yes: also what dead-letters and replay need, for whoever is on call
: "${REPLAY_TOPICS:=}" # what a replay writes into, separated by spaces

action=${1:---add}
case $action in
  --add | --remove) ;;
  *) echo "usage: acls.sh [--add | --remove]" >&2 && exit 2 ;;
esac
case $JOBS in
  yes | no) ;;
  *) echo "JOBS is $JOBS: set it to yes or no" >&2 && exit 2 ;;
esac

acl() {
  set -- "$action" "--allow-principal" "$PRINCIPAL" "$@"
  if [ "$action" = --remove ]; then set -- --force "$@"; fi
  "$KAFKA_BIN/kafka-acls.sh" --bootstrap-server "$BOOTSTRAP_SERVERS" --command-config "$COMMAND_CONFIG" "$@"
}

# `newsmill run`. Read and Write bring Describe with them.
for topic in $INPUT_TOPICS; do
  acl --operation Read --topic "$topic"
done
acl --operation Write --topic "$OUTPUT_TOPIC"
acl --operation Write --topic "$DEAD_LETTER_TOPIC"
acl --operation Read --group "$GROUP_ID"
# Its transactional ids begin with the group's name. Not needed under guarantee = "at_least_once" without jobs.
acl --operation Write --transactional-id "$GROUP_ID-" --resource-pattern-type prefixed
# To know max.message.bytes beforehand: without it a record that is too large costs a rewind before it is a dead letter.
acl --operation DescribeConfigs --topic "$OUTPUT_TOPIC"
acl --operation DescribeConfigs --topic "$DEAD_LETTER_TOPIC"

# `newsmill dead-letters` and `newsmill replay`, beside the rights above: a replay's offsets stand under a name of its own,
# `--to-input` writes to the input topics.
if [ "$JOBS" = yes ]; then
  acl --operation Read --topic "$DEAD_LETTER_TOPIC"
  acl --operation Read --group "$GROUP_ID-replay-" --resource-pattern-type prefixed
  for topic in $INPUT_TOPICS $REPLAY_TOPICS; do
    acl --operation Write --topic "$topic"
  done
fi
