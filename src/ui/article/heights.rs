//! Heights of blocks with their prefix sums, in f64: 10 MB are six million pixels, where f32 has half-pixel steps.

#![allow(clippy::indexing_slicing, reason = "a Fenwick tree steps over its own indices")]

/// A Fenwick tree over the heights of blocks: place of a block and block at a place in logarithmic time.
#[derive(Debug, Default)]
pub(crate) struct Heights {
    tree: Vec<f64>,
    heights: Vec<f32>,
}

impl Heights {
    pub(crate) fn new(heights: Vec<f32>) -> Self {
        let mut tree = vec![0.0; heights.len() + 1];
        for (at, height) in heights.iter().enumerate() {
            let node = at + 1;
            tree[node] += f64::from(*height);
            let parent = node + lowest_bit(node);
            if parent < tree.len() {
                tree[parent] += tree[node];
            }
        }
        Self { tree, heights }
    }

    pub(crate) fn len(&self) -> usize {
        self.heights.len()
    }

    pub(crate) fn get(&self, block: usize) -> f32 {
        self.heights[block]
    }

    pub(crate) fn set(&mut self, block: usize, height: f32) {
        let change = f64::from(height) - f64::from(self.heights[block]);
        self.heights[block] = height;
        let mut node = block + 1;
        while change != 0.0 && node < self.tree.len() {
            self.tree[node] += change;
            node += lowest_bit(node);
        }
    }

    /// Where a block begins.
    pub(crate) fn top(&self, block: usize) -> f64 {
        let (mut node, mut sum) = (block, 0.0);
        while node > 0 {
            sum += self.tree[node];
            node -= lowest_bit(node);
        }
        sum
    }

    pub(crate) fn total(&self) -> f64 {
        self.top(self.heights.len())
    }

    /// The block at a place, and how far into it.
    pub(crate) fn find(&self, y: f64) -> (usize, f64) {
        let (mut node, mut rest) = (0, y.max(0.0));
        let mut step = self.heights.len().checked_ilog2().map_or(0, |log| 1 << log);
        while step > 0 {
            let next = node + step;
            if next < self.tree.len() && self.tree[next] <= rest {
                node = next;
                rest -= self.tree[next];
            }
            step /= 2;
        }
        match self.heights.get(node) {
            Some(_) => (node, rest),
            None => (self.heights.len().saturating_sub(1), self.heights.last().map_or(0.0, |height| f64::from(*height))),
        }
    }
}

fn lowest_bit(node: usize) -> usize {
    node & node.wrapping_neg()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::float_cmp, reason = "sums of small whole numbers are exact")]
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

        #[test]
        fn sums_and_places_agree_with_plain_addition(mut plain in prop::collection::vec(0_u8..40, 1..60), at in any::<prop::sample::Index>(), new in 0_u8..40, y in 0_u16..2500) {
            let mut heights = Heights::new(plain.iter().map(|height| f32::from(*height)).collect());
            let at = at.index(plain.len());
            plain[at] = new;
            heights.set(at, f32::from(new));
            let tops: Vec<f64> = plain.iter().scan(0.0, |sum, height| { let top = *sum; *sum += f64::from(*height); Some(top) }).collect();
            for (block, top) in tops.iter().enumerate() {
                prop_assert_eq!(heights.top(block), *top);
            }
            let y = f64::from(y);
            let (block, rest) = heights.find(y);
            if y < heights.total() {
                prop_assert!(tops[block] <= y && y < tops[block] + f64::from(plain[block]));
                prop_assert_eq!(rest, y - tops[block]);
            } else {
                prop_assert_eq!(block, plain.len() - 1);
            }
        }
    }
}
