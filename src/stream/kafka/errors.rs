//! What each error code means for the worker: one table, so that none is passed over in silence.

use rdkafka::error::RDKafkaErrorCode as Code;

/// What to do about an error that the consumer's poll returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsumerPolicy {
    /// librdkafka deals with it by itself and says so for information.
    Wait,
    /// Something may have been passed over: read again from the last settled position.
    Rewind,
    /// A position is outside what the broker keeps: find the partition and stop it.
    OutOfRange,
    /// The consumer is of no use any more.
    Rebuild,
    /// Nothing but a person can mend it.
    Stop,
}

/// The row of a code that `poll` returned.
///
/// Codes without a row of their own are rewound, not ignored: a rewind costs little, and an error that is ignored can
/// be a batch passed over, such as one whose checksum was wrong (`BadMessage`, rdkafka_msgset_reader.c).
pub fn consumer_policy(code: Code) -> ConsumerPolicy {
    use ConsumerPolicy::{OutOfRange, Rebuild, Rewind, Stop, Wait};
    match code {
        Code::BrokerTransportFailure
        | Code::AllBrokersDown
        | Code::Resolve
        | Code::OperationTimedOut
        | Code::RequestTimedOut
        | Code::NodeUpdate
        | Code::WaitingForCoordinator
        | Code::CoordinatorLoadInProgress
        | Code::CoordinatorNotAvailable
        | Code::NotCoordinator
        | Code::LeaderNotAvailable
        | Code::NotLeaderForPartition
        | Code::ReplicaNotAvailable
        | Code::BrokerNotAvailable
        | Code::NetworkException
        | Code::FencedLeaderEpoch
        | Code::UnknownLeaderEpoch
        | Code::OffsetNotAvailable
        | Code::KafkaStorageError
        | Code::UnknownTopicOrPartition
        | Code::UnknownTopic
        | Code::UnknownPartition
        | Code::UnknownTopicId
        | Code::RebalanceInProgress
        | Code::IllegalGeneration
        | Code::UnknownMemberId
        | Code::MemberIdRequired
        | Code::StaleMemberEpoch
        | Code::UnreleasedInstanceId
        | Code::UnstableOffsetCommit
        | Code::ThrottlingQuotaExceeded
        | Code::SSL
        | Code::Authentication
        | Code::SaslAuthenticationFailed
        | Code::TopicAuthorizationFailed
        | Code::GroupAuthorizationFailed
        | Code::ClusterAuthorizationFailed
        | Code::GroupMaxSizeReached
        | Code::PollExceeded
        | Code::RebootstrapRequired
        | Code::PartitionEOF => Wait,
        Code::AutoOffsetReset | Code::OffsetOutOfRange | Code::LogTruncation | Code::NoOffset => {
            OutOfRange
        }
        Code::Fatal | Code::Fenced | Code::FencedInstanceId | Code::FencedMemberEpoch => Rebuild,
        Code::InconsistentGroupProtocol
        | Code::InvalidSessionTimeout
        | Code::InvalidGroupId
        | Code::UnsupportedAssignor
        | Code::UnsupportedVersion
        | Code::UnsupportedFeature
        | Code::UnsupportedSASLMechanism
        | Code::BadCompression
        | Code::UnsupportedCompressionType
        | Code::NotImplemented => Stop,
        _ => Rewind,
    }
}

/// Whether no broker has answered: to be asked again.
pub fn is_unreachable(code: Code) -> bool {
    matches!(
        code,
        Code::BrokerTransportFailure
            | Code::AllBrokersDown
            | Code::Resolve
            | Code::OperationTimedOut
            | Code::RequestTimedOut
            | Code::TimedOutQueue
            | Code::NetworkException
            | Code::Authentication
            | Code::SaslAuthenticationFailed
            | Code::SSL
    )
}

/// Whether a broker refuses something that this principal has no right to.
pub fn is_unauthorized(code: Code) -> bool {
    matches!(
        code,
        Code::TopicAuthorizationFailed
            | Code::GroupAuthorizationFailed
            | Code::ClusterAuthorizationFailed
            | Code::TransactionalIdAuthorizationFailed
    )
}

/// Whether a delivery failed because of the message itself: its size or its form.
///
/// Everything else (no rights, no topic, time-out, fenced, purged) is trouble around us.
pub fn is_messages_own_fault(code: Code) -> bool {
    matches!(
        code,
        Code::MessageSizeTooLarge
            | Code::InvalidMessageSize
            | Code::MessageBatchTooLarge
            | Code::InvalidRecord
            | Code::InvalidTimestamp
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_that_was_passed_over_is_read_again() {
        for code in [
            Code::BadMessage,
            Code::InvalidMessage,
            Code::Unknown,
            Code::Fail,
        ] {
            assert_eq!(consumer_policy(code), ConsumerPolicy::Rewind, "{code:?}");
        }
    }

    #[test]
    fn trouble_around_us_is_nobodys_dead_letter() {
        for code in [
            Code::TopicAuthorizationFailed,
            Code::UnknownTopicOrPartition,
            Code::MessageTimedOut,
            Code::ThrottlingQuotaExceeded,
            Code::ProducerFenced,
            Code::PurgeQueue,
            Code::PolicyViolation,
            Code::NotEnoughReplicas,
        ] {
            assert!(!is_messages_own_fault(code), "{code:?}");
        }
    }
}
