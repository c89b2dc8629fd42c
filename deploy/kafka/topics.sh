#!/bin/sh
# Makes the three topics that newsmill needs. Safe to run again: what is there is left alone.
#
#   BOOTSTRAP_SERVERS=broker1:9092 deploy/kafka/topics.sh
#
# Every variable below can be set from outside. KAFKA_BIN is the folder of Kafka's own scripts.
set -eu

: "${BOOTSTRAP_SERVERS:=localhost:9092}"
: "${KAFKA_BIN:=/opt/kafka/bin}"
: "${COMMAND_CONFIG:=/dev/null}" # client properties of an administrator, where the cluster asks for them
: "${INPUT_TOPIC:=articles.raw}"
: "${OUTPUT_TOPIC:=articles.enriched}"
: "${DEAD_LETTER_TOPIC:=articles.dead-letters}"
# Partitions bound the number of replicas that work: docs/operations.md, "Scaling and partitions".
: "${PARTITIONS:=12}"
: "${REPLICATION:=3}"
: "${MIN_INSYNC:=2}"

topic() {
  "$KAFKA_BIN/kafka-topics.sh" --bootstrap-server "$BOOTSTRAP_SERVERS" --command-config "$COMMAND_CONFIG" \
    --create --if-not-exists --topic "$1" --partitions "$PARTITIONS" --replication-factor "$REPLICATION" \
    --config min.insync.replicas="$MIN_INSYNC" --config max.message.bytes="$2"
}

# pipeline.max_article_bytes is 5 MiB. The input takes somewhat more, so that an article that is too large becomes a
# dead letter that says so. A record is up to three times a short article and 1.5 times a very long one.
topic "$INPUT_TOPIC" 6291456
topic "$OUTPUT_TOPIC" 16777216
topic "$DEAD_LETTER_TOPIC" 16777216
