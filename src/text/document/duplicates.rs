//! Groups of near-duplicates among many texts, by their fingerprints.

use std::collections::BTreeMap;

use super::fingerprint::distance;

/// Indices of the prints that belong together: every member has one in its group that differs from it in at most `near`
/// bits. Groups of one are left out, as are prints of 0 (texts without words). Members and groups are in input order.
///
/// Each print is held against each other one: a second for 50,000 different prints, which is a day of the largest
/// agencies; an index would have to allow for a difference in every sixth bit, and hardly skips anything.
pub fn groups(prints: &[u64], near: u32) -> Vec<Vec<usize>> {
    let mut same: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
    for (index, print) in prints.iter().enumerate().filter(|(_, print)| **print != 0) {
        same.entry(*print).or_default().push(index);
    }
    let (distinct, members): (Vec<u64>, Vec<Vec<usize>>) = same.into_iter().unzip();

    let mut parents: Vec<usize> = (0..distinct.len()).collect();
    for (one, print) in distinct.iter().enumerate() {
        for (other, other_print) in distinct.iter().enumerate().skip(one + 1) {
            if distance(*print, *other_print) <= near {
                let (one, other) = (root(&mut parents, one), root(&mut parents, other));
                parents[one.max(other)] = one.min(other);
            }
        }
    }

    let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, members) in members.into_iter().enumerate() {
        let root = root(&mut parents, index);
        groups.entry(root).or_default().extend(members);
    }
    let mut groups: Vec<Vec<usize>> = groups
        .into_values()
        .filter(|group| group.len() > 1)
        .collect();
    groups.iter_mut().for_each(|group| group.sort_unstable());
    groups.sort_unstable();
    groups
}

/// The first of the group that a print is in; the way there is shortened for those that follow.
fn root(parents: &mut [usize], mut index: usize) -> usize {
    while parents[index] != index {
        parents[index] = parents[parents[index]];
        index = parents[index];
    }
    index
}

#[cfg(test)]
mod tests {
    use super::groups;

    #[test]
    fn members_are_near_to_one_of_their_group() {
        for (prints, near, expected) in [
            (&[][..], 10, &[][..]),
            (&[1, 2, 4], 0, &[]),
            (&[7, 5, 7, 7], 0, &[&[0, 2, 3][..]]),
            (&[0, 0], 10, &[]),
            // A chain: its ends are 4 bits apart, each link 2.
            (&[0b1_1111, !0, 0b0_0111, 0b0_0001], 2, &[&[0, 2, 3]]),
            (&[0xF0, 0x1FF00, 0xF1, 0x1FF01], 1, &[&[0, 2], &[1, 3]]),
        ] {
            assert_eq!(groups(prints, near), expected, "{prints:x?} within {near}");
        }
    }
}
