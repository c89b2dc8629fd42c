//! Random histories: whatever happens in whatever order, every offset is settled once and in order.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::model::{Settling, World};

/// 2 x 2,500 histories of 250 events: more than a million.
const HISTORIES: u32 = 2_500;
const EVENTS: usize = 250;

fn live(settling: Settling, events: &[(u8, u8, u8)]) {
    let mut world = World::new(settling);
    for (event, partition, choice) in events {
        world.step(*event, *partition, *choice);
    }
    world.finish_all();
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: HISTORIES,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_offset_is_settled_once_by_acknowledgements(
        events in vec(any::<(u8, u8, u8)>(), EVENTS)
    ) {
        live(Settling::ByAcknowledgement, &events);
    }

    #[test]
    fn every_offset_is_settled_once_by_commits(events in vec(any::<(u8, u8, u8)>(), EVENTS)) {
        live(Settling::ByCommit, &events);
    }
}
