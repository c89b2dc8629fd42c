//! Words that make a capital its state: what states do, and what is done to them. Written from general knowledge.

/// Words after which a capital acts or is acted upon as a state.
#[rustfmt::skip]
pub const STATE_BEFORE: &[&str] = &[
    "with", "by", "against", "between", "urge", "urged", "urges", "urging", "tell", "told", "accuse", "accused",
    "accuses", "accusing", "blame", "blamed", "blames", "warn", "warned", "warns", "pressure", "pressured",
    "help", "helps", "helped", "helping", "arm", "arming", "support", "supports", "supporting", "supported",
    "allow", "allows", "allowed", "official", "because", "that", "if", "while", "whether", "as", "but", "than",
    "says", "said", "give", "giving", "gives", "gave", "let", "provide", "providing", "provided", "force",
    "forcing", "forced", "ally", "allies", "isolate", "isolating", "punish", "deter", "hostile",
];

/// Auxiliaries and verbs of states.
#[rustfmt::skip]
pub const VERBS: &[&str] = &[
    "has", "had", "have", "is", "was", "are", "were", "will", "would", "could", "should", "may", "might",
    "must", "can", "cannot", "says", "said", "wants", "want", "insists", "hopes", "plans", "seeks", "does",
    "did", "do", "also", "denies", "claims", "believes", "expects", "needs", "considers", "intends",
    "continues", "remains", "rejects", "calls", "sees", "fears", "told", "began", "sent", "made", "gave",
    "took", "sought", "itself", "alone", "agrees", "threatens", "tries", "keeps", "knows", "understands",
    "responds", "stands", "bears", "aims", "pledges", "vows", "urges", "warns", "accuses", "blames", "demands",
    "refuses", "backs", "condemns", "welcomes", "supports", "sends", "gives", "takes", "makes", "uses", "gets",
    "hits", "imposes", "bans", "expels", "summons", "eyes", "faces", "announces", "confirms", "slams", "hails",
    "denounces", "dismisses", "offers", "never", "often", "now", "still", "then", "not", "long", "repeatedly",
    "first",
];

/// What is given to, wanted from or done to a state.
#[rustfmt::skip]
pub const DEALINGS: &[&str] = &[
    "aid", "weapons", "weapon", "arms", "support", "assistance", "help", "missiles", "tanks", "deliver",
    "delivered", "deliveries", "delivery", "supplies", "supply", "supplied", "supplying", "loan", "loans",
    "concessions", "ultimatum", "loyal", "ties", "according", "message", "signal", "pressure", "sanctions",
    "imposed", "dependence", "dependent", "depends", "reliance", "threat", "threats", "provide", "provided",
    "providing", "response", "reaction", "guarantees", "gas", "money", "funds", "ammunition", "equipment",
    "signals", "allies", "ally", "independence", "demands", "demand", "control", "policy", "opposed",
    "allegiance", "important", "advantage", "cost", "costs", "blame", "orders", "instructions", "permission",
    "approval", "relations", "attitude", "exports", "transfer", "transferred", "part", "behalf", "side",
    "hands",
];
