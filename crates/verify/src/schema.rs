//! The schema of a database as lines of text, to tell whether two ways of changing it end up the same.

mod repair;

pub use repair::repair;

use std::cmp::Ordering;

use postgres::{Client, SimpleQueryMessage};

use crate::Error;
use crate::look::text;

/// The objects of a user, to be compared with those of another moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Schema {
    pub(crate) objects: Vec<Object>,
}

/// An object with its definition.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Object {
    /// The definition as the server prints it, in one line but for bodies.
    pub(crate) line: String,
    /// The table or other object that it goes with.
    pub(crate) owner: Option<String>,
    /// SQL that makes it; empty if something else does, `None` if it is not known.
    pub(crate) make: Option<String>,
    /// SQL that removes it.
    pub(crate) unmake: Option<String>,
}

impl Schema {
    /// Reads every object of the user: schemas, relations, columns in their order, constraints, indexes, views, sequences, types,
    /// functions, triggers, rules, policies, statistics, comments, privileges, publications, extensions.
    ///
    /// Rows and the values of sequences are not part of it, nor are objects that belong to an extension.
    ///
    /// # Errors
    /// `Server` if the session breaks.
    pub fn read(client: &mut Client) -> Result<Self, Error> {
        // With an empty search_path every definition names its schemas; printed settings must not differ either.
        let sql = concat!(
            "BEGIN; SET LOCAL search_path = ''; SET LOCAL timezone = 'UTC'; SET LOCAL intervalstyle = postgres; SET LOCAL datestyle = ISO;",
            include_str!("schema.sql"),
            "; ROLLBACK"
        );
        let mut objects = Vec::new();
        for message in client.simple_query(sql)? {
            if let SimpleQueryMessage::Row(row) = message {
                let column = |at| row.get(at).map(str::to_owned);
                let line = text(&row, 0)?.to_owned();
                objects.push(Object { line, owner: column(1), make: column(2), unmake: column(3) });
            }
        }
        objects.sort();
        Ok(Self { objects })
    }
}

/// Every object of the user with its definition as the server prints it, one line an object (a body may have line breaks), sorted;
/// see [`Schema::read`]. Equal texts are equal schemas.
///
/// # Errors
/// `Server` if the session breaks.
pub fn schema(client: &mut Client) -> Result<Vec<String>, Error> {
    Ok(Schema::read(client)?.objects.into_iter().map(|it| it.line).collect())
}

/// The lines that only one of two sorted schemas has: `- ` for the first, `+ ` for the second. Empty if they are equal.
pub fn difference(first: &[String], second: &[String]) -> Vec<String> {
    let (mut first, mut second) = (first.iter().peekable(), second.iter().peekable());
    let mut lines = Vec::new();
    loop {
        let order = match (first.peek(), second.peek()) {
            (None, None) => return lines,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(left), Some(right)) => left.cmp(right),
        };
        let left = first.next_if(|_| order != Ordering::Greater);
        let right = second.next_if(|_| order != Ordering::Less);
        if order != Ordering::Equal {
            lines.extend(left.map(|it| format!("- {it}")));
            lines.extend(right.map(|it| format!("+ {it}")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn a_difference_names_the_side() {
        let lines = |text: &str| text.chars().map(String::from).collect::<Vec<_>>();
        assert_eq!(difference(&lines("abd"), &lines("bcd")), ["- a", "+ c"]);
        assert_eq!(difference(&lines("ab"), &lines("ab")), [""; 0]);
        assert_eq!(difference(&lines(""), &lines("x")), ["+ x"]);
    }
}
