//! The reader of migrations from outside: what it makes of statements, of odd input, of anything.

mod bodies;
mod families;
mod fuzz;
mod odd;
mod render;
mod spans;
