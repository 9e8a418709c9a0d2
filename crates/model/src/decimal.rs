//! Numbers as people write them, compared exactly: the keys of partitions go beyond what a float can tell apart.

use std::cmp::Ordering;

/// A decimal number, or an infinity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decimal {
    negative: bool,
    /// Where the point stands, counted from before the first digit.
    point: i64,
    /// Without zeros at either end; none for zero.
    digits: Vec<u8>,
}

impl Decimal {
    /// Reads `-12.5e3`, `infinity` and their like.
    pub(crate) fn parse(text: &str) -> Option<Decimal> {
        let text = text.trim();
        let (negative, size) = match text.as_bytes().first()? {
            b'-' => (true, &text[1..]),
            b'+' => (false, &text[1..]),
            _ => (false, text),
        };
        if ["inf", "infinity"].iter().any(|it| it.eq_ignore_ascii_case(size)) {
            return Some(Decimal { negative, point: i64::MAX, digits: vec![b'1'] });
        }
        let (mantissa, exponent) = match size.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (size, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let mut digits = [whole.as_bytes(), fraction.as_bytes()].concat();
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let zeros = digits.iter().take_while(|it| **it == b'0').count();
        digits.drain(..zeros);
        digits.truncate(digits.iter().rposition(|it| *it != b'0').map_or(0, |it| it + 1));
        let point = whole.len() as i64 - zeros as i64 + i64::from(exponent);
        Some(if digits.is_empty() { Decimal::from(0) } else { Decimal { negative, point, digits } })
    }

    /// The number with the other sign.
    pub(crate) fn negated(mut self) -> Decimal {
        self.negative = !self.negative && !self.digits.is_empty();
        self
    }
}

impl From<i64> for Decimal {
    fn from(number: i64) -> Self {
        match number {
            0 => Decimal { negative: false, point: 0, digits: Vec::new() },
            _ => Decimal::parse(&number.to_string()).unwrap_or_else(|| Decimal::from(0)),
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        // Negative, zero, positive.
        let side = |it: &Decimal| if it.digits.is_empty() { 0 } else { 1 - 2 * i8::from(it.negative) };
        let size = |it: &Decimal| if it.digits.is_empty() { i64::MIN } else { it.point };
        let sizes = || (size(self), &self.digits).cmp(&(size(other), &other.digits));
        side(self).cmp(&side(other)).then_with(|| if self.negative { sizes().reverse() } else { sizes() })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_their_order() {
        let rising = [
            "-infinity",
            "-1e3",
            "-12.5",
            "-12",
            "-0.001",
            "0",
            "0.0001",
            "0.5",
            "1.05",
            "1.5",
            "9",
            "10",
            "10.5",
            "9223372036854775806",
            "9223372036854775807",
            "1e30",
            "Infinity",
        ];
        let numbers: Vec<Decimal> = rising.iter().map(|it| Decimal::parse(it).unwrap()).collect();
        for (one, a) in numbers.iter().enumerate() {
            for (other, b) in numbers.iter().enumerate() {
                assert_eq!(a.cmp(b), one.cmp(&other), "{} and {}", rising[one], rising[other]);
            }
        }
    }

    #[test]
    fn one_number_is_written_in_many_ways() {
        for (one, other) in [("1", "+1.0"), ("100", "1e2"), ("0", "-0.00"), (".5", "0.50"), (" 7 ", "07"), ("5.", "5")]
        {
            assert_eq!(Decimal::parse(one), Decimal::parse(other), "{one}");
        }
        assert_eq!(Decimal::from(-30), Decimal::parse("-3e1").unwrap());
        assert_eq!(Decimal::from(7).negated().negated(), Decimal::from(7));
        for none in ["", "-", ".", "e5", "1x", "0x1f", "nan", "2024-01-01", "1.2.3"] {
            assert_eq!(Decimal::parse(none), None, "{none}");
        }
    }
}
