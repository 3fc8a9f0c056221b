use std::cmp::Reverse;
use std::collections::BTreeMap;

use gateway_core::domain::Channel;
use gateway_core::ports::{Cluster, Miss};
use gateway_core::text::fold;

use super::likeness::Shape;

/// Texts with so many thousandths of their threes in common are near …
const NEAR: usize = 450;
/// … and so are those with so many less that share most of what they name.
const NEAR_IN_LETTERS: usize = 200;
/// Different texts of a cluster that are shown.
const EXAMPLES: usize = 3;

/// What resembles one another, together; the largest cluster first.
///
/// Greedy and deterministic: the most frequent text leads, and each further one
/// joins the leader that it resembles most. The same misses in any order give
/// the same clusters. With n texts and k clusters it takes n × k comparisons.
pub fn clusters(misses: &[Miss]) -> Vec<Cluster> {
    let mut texts: BTreeMap<String, Vec<&Miss>> = BTreeMap::new();
    for miss in misses {
        texts.entry(fold(&miss.miss.text)).or_default().push(miss);
    }
    let mut texts: Vec<(Shape, String, Vec<&Miss>)> =
        texts.into_iter().map(|(folded, misses)| (Shape::of(&folded), folded, misses)).collect();
    texts.sort_by(|a, b| b.2.len().cmp(&a.2.len()).then_with(|| a.1.cmp(&b.1)));
    let mut leaders: Vec<(Shape, Vec<Vec<&Miss>>)> = Vec::new();
    for (shape, _, misses) in texts {
        let nearest = leaders
            .iter_mut()
            .map(|leader| (leader.0.likeness(&shape), leader))
            .filter(|(likeness, leader)| is_near(*likeness, &leader.0, &shape))
            // The first of equals: the larger one.
            .rev()
            .max_by_key(|(likeness, _)| *likeness);
        match nearest {
            Some((_, leader)) => leader.1.push(misses),
            None => leaders.push((shape, vec![misses])),
        }
    }
    let mut clusters: Vec<Cluster> = leaders.into_iter().filter_map(|(_, texts)| cluster(&texts)).collect();
    clusters.sort_by_key(|cluster| Reverse((cluster.ids.len(), cluster.last, cluster.ids.first().copied())));
    clusters
}

fn is_near(likeness: usize, one: &Shape, other: &Shape) -> bool {
    let shared = one.shared_words(other);
    let fewer = one.content.len().min(other.content.len());
    likeness >= NEAR || (likeness >= NEAR_IN_LETTERS && shared >= 2 && shared * 3 >= fewer * 2)
}

fn cluster(texts: &[Vec<&Miss>]) -> Option<Cluster> {
    let mut all: Vec<&Miss> = texts.iter().flatten().copied().collect();
    all.sort_unstable_by_key(|miss| Reverse(miss.id));
    let newest = all.first()?;
    let mut channels: BTreeMap<Channel, usize> = BTreeMap::new();
    for miss in &all {
        *channels.entry(miss.miss.channel).or_default() += 1;
    }
    let mut channels: Vec<(Channel, usize)> = channels.into_iter().collect();
    channels.sort_by_key(|(_, count)| Reverse(*count));
    let example = |misses: &Vec<&Miss>| misses.iter().max_by_key(|miss| miss.id).map(|miss| miss.miss.text.clone());
    Some(Cluster {
        ids: all.iter().map(|miss| miss.id).collect(),
        examples: texts.iter().filter_map(example).take(EXAMPLES).collect(),
        last: newest.miss.at,
        locale: newest.miss.locale,
        channels,
    })
}

#[cfg(test)]
mod tests {
    use gateway_core::domain::Locale;
    use gateway_core::ports::{MissKind, NewMiss};
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::*;

    fn miss(id: i64, text: &str) -> Miss {
        let channel = if id % 2 == 0 { Channel::Zalo } else { Channel::Sms };
        let at = Timestamp::from_second(1_800_000_000 + id).unwrap();
        Miss {
            id,
            miss: NewMiss { kind: MissKind::NotUnderstood, text: text.to_owned(), channel, locale: Locale::VI, at },
        }
    }

    fn misses(texts: &[&str]) -> Vec<Miss> {
        (1_i64..).zip(texts).map(|(id, text)| miss(id, text)).collect()
    }

    #[test]
    fn what_people_write_in_many_ways_is_one_cluster_and_the_largest_stands_first() {
        let found = clusters(&misses(&[
            "xin giấy ra đời cho cháu",
            "giá vàng hôm nay",
            "xin giay ra doi cho chau",
            "Xin giấy ra đời cho cháu ạ!!!",
            "làm giấy ra đời cháu bé",
            "gia vang hom nay",
        ]));
        let sizes: Vec<_> = found.iter().map(|cluster| cluster.ids.clone()).collect();
        assert_eq!(sizes, [vec![5, 4, 3, 1], vec![6, 2]]);
        assert_eq!(
            found[0].examples,
            ["xin giay ra doi cho chau", "làm giấy ra đời cháu bé", "Xin giấy ra đời cho cháu ạ!!!"]
        );
        assert_eq!(found[0].channels, [(Channel::Sms, 3), (Channel::Zalo, 1)]);
        assert_eq!(found[0].last.as_second(), 1_800_000_005);
        assert!(clusters(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn each_miss_is_in_one_cluster_whatever_the_order(
            texts in proptest::collection::vec("[a-c]{1,3}( [a-c]{1,3}){0,4}", 0..40),
            turn in 0_usize..40,
        ) {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let mut all = misses(&texts);
            let found = clusters(&all);
            let mut ids: Vec<i64> = found.iter().flat_map(|cluster| cluster.ids.clone()).collect();
            ids.sort_unstable();
            prop_assert_eq!(ids, (1..=i64::try_from(all.len()).unwrap()).collect::<Vec<_>>());
            let by = turn.min(all.len());
            all.rotate_left(by);
            prop_assert_eq!(clusters(&all), found);
        }
    }
}
