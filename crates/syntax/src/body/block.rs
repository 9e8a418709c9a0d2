//! The grammar of PL/pgSQL, as far as it decides which SQL runs.

use super::DEEPEST;
use super::pieces::Pieces;
use crate::ast::{Block, Handler, Instruction, Loop, Name, Variable};
use crate::token::{Kind, mark};
use std::ops::Range;

/// The words that end a list of statements.
const ENDS: &[&str] = &["end", "else", "elsif", "elseif", "exception", "when"];

impl Pieces<'_> {
    /// The whole body.
    pub(super) fn whole(&mut self) -> Block {
        while self.written(self.at) == "#" {
            // `#variable_conflict use_column`: three tokens.
            self.at += 3;
        }
        let block = self.block();
        if self.kind(self.at) == mark::SEMICOLON {
            self.at += 1;
        }
        if self.at < self.tokens.len() && !self.is_broken() {
            self.break_here();
        }
        block
    }

    fn labels(&mut self) {
        while self.written(self.at) == "<<" {
            self.at += 3;
        }
    }

    fn block(&mut self) -> Block {
        self.labels();
        let mut block = Block::default();
        while self.take("declare") {
            while !self.is_word(self.at, "begin") && !self.is_word(self.at, "declare") && self.at < self.tokens.len() {
                block.variables.extend(self.variable());
                if self.is_broken() {
                    return block;
                }
            }
        }
        self.expect("begin");
        block.steps = self.steps();
        if self.take("exception") {
            while self.take("when") && !self.is_broken() {
                let conditions = self.until(&["then"]);
                self.expect("then");
                let conditions = conditions.filter(|it| !matches!(self.word(*it).as_str(), "or" | "sqlstate"));
                let conditions =
                    conditions.map(|it| self.written(it).trim_matches('\'').to_ascii_lowercase()).collect();
                block.handlers.push(Handler { conditions, steps: self.steps() });
            }
        }
        self.expect("end");
        if self.kind(self.at) != mark::SEMICOLON && self.at < self.tokens.len() {
            self.at += 1; // the label
        }
        block
    }

    fn variable(&mut self) -> Option<Variable> {
        let name = self.name(self.at);
        let piece = self.skip_statement();
        let mut words = piece.clone().skip(1).map(|it| (it, self.word(it)));
        let value = words.find(|(at, word)| word == "default" || matches!(self.written(*at), ":=" | "="));
        let is_cursor = piece.clone().any(|it| matches!(self.word(it).as_str(), "cursor" | "alias"));
        let value = value.filter(|_| !is_cursor).map(|(at, _)| at + 1..piece.end);
        Some(Variable { name, value: value.and_then(|it| self.expression(it)) })
    }

    fn steps(&mut self) -> Vec<Instruction> {
        let mut steps = Vec::new();
        self.depth += 1;
        if self.depth > DEEPEST {
            self.break_here();
        }
        while self.at < self.tokens.len() && !self.is_broken() && !ENDS.contains(&self.word(self.at).as_str()) {
            steps.extend(self.step());
        }
        self.depth -= 1;
        steps
    }

    fn step(&mut self) -> Option<Instruction> {
        self.labels();
        let start = self.at;
        match self.word(start).as_str() {
            // These words are names as well.
            "return" | "exit" | "continue" | "raise" | "commit" | "rollback" if self.is_assignment() => {
                Some(self.assignment())
            }
            "declare" | "begin" => {
                let block = self.block();
                self.end_statement();
                Some(Instruction::Block(block))
            }
            "if" => Some(self.branch_if()),
            "case" => Some(self.branch_case()),
            "loop" | "while" | "for" | "foreach" => Some(self.looping()),
            "return" => self.leave_function(),
            "exit" | "continue" => {
                let piece = self.skip_statement();
                Some(Instruction::Leave { conditional: piece.clone().any(|it| self.is_word(it, "when")) })
            }
            "raise" => {
                let piece = self.skip_statement();
                let level = self.word(start + 1);
                let passes = matches!(level.as_str(), "debug" | "log" | "info" | "notice" | "warning");
                (!passes).then(|| Instruction::Raise(self.span(&piece)))
            }
            "execute" => {
                self.at += 1;
                let text = self.until(&["into", "using"]);
                let text = self.expression(text);
                let rest = self.skip_statement();
                let targets = self.targets(&rest);
                Some(Instruction::Execute(text?, targets))
            }
            "commit" | "rollback" => {
                let piece = self.skip_statement();
                Some(Instruction::EndTransaction(self.span(&piece)))
            }
            "null" | "get" | "open" | "fetch" | "move" | "close" | "assert" if !self.is_assignment() => {
                self.skip_statement();
                None
            }
            _ if self.is_assignment() => Some(self.assignment()),
            "" => {
                self.break_here();
                None
            }
            _ => self.sql(),
        }
    }

    /// Whether the statement is `name[.field][index] := …`.
    fn is_assignment(&self) -> bool {
        let mut at = self.at + 1;
        while self.kind(at) == mark::DOT || self.kind(at) == mark::OPEN_BRACKET {
            if self.kind(at) == mark::DOT {
                at += 2;
                continue;
            }
            let mut depth = 0;
            while at < self.tokens.len() {
                match self.kind(at) {
                    mark::OPEN_BRACKET => depth += 1,
                    mark::CLOSE_BRACKET => depth -= 1,
                    _ => {}
                }
                at += 1;
                if depth == 0 {
                    break;
                }
            }
        }
        matches!(self.written(at), ":=" | "=")
    }

    fn assignment(&mut self) -> Instruction {
        let name = self.name(self.at);
        let piece = self.skip_statement();
        let plain = matches!(self.written(piece.start + 1), ":=" | "=");
        let sign = piece.clone().find(|it| matches!(self.written(*it), ":=" | "=")).unwrap_or(piece.start);
        let value = self.expression(sign + 1..piece.end);
        Instruction::Assign(name, value.filter(|_| plain))
    }

    fn branch_if(&mut self) -> Instruction {
        let mut branches = Vec::new();
        let mut otherwise = Vec::new();
        self.at += 1;
        loop {
            let condition = self.until(&["then"]);
            let condition = self.expression(condition);
            self.expect("then");
            branches.push((condition, self.steps()));
            if self.is_broken() {
                break;
            }
            if self.take("elsif") || self.take("elseif") {
                continue;
            }
            if self.take("else") {
                otherwise = self.steps();
            }
            self.expect("end");
            self.expect("if");
            self.end_statement();
            break;
        }
        Instruction::Branch { branches, otherwise }
    }

    fn branch_case(&mut self) -> Instruction {
        self.at += 1;
        let operand = self.until(&["when"]);
        let searched = operand.is_empty();
        let mut branches = Vec::new();
        let mut otherwise = Vec::new();
        while self.take("when") && !self.is_broken() {
            let condition = self.until(&["then"]);
            let condition = searched.then(|| self.expression(condition)).flatten();
            self.expect("then");
            branches.push((condition, self.steps()));
        }
        if self.take("else") {
            otherwise = self.steps();
        }
        self.expect("end");
        self.expect("case");
        self.end_statement();
        Instruction::Branch { branches, otherwise }
    }

    fn looping(&mut self) -> Instruction {
        let word = self.word(self.at);
        self.at += usize::from(word != "loop");
        let kind = match word.as_str() {
            "while" => {
                let condition = self.until(&["loop"]);
                self.expression(condition);
                Loop::While
            }
            "for" => self.for_loop(),
            "foreach" => {
                let variable = self.name(self.at);
                self.until(&["array"]);
                self.expect("array");
                let array = self.until(&["loop"]);
                Loop::Elements { variable, array: self.expression(array) }
            }
            _ => Loop::While,
        };
        self.expect("loop");
        let steps = self.steps();
        self.expect("end");
        self.expect("loop");
        if self.kind(self.at) != mark::SEMICOLON && self.at < self.tokens.len() {
            self.at += 1; // the label
        }
        self.end_statement();
        Instruction::Loop(kind, steps)
    }

    fn for_loop(&mut self) -> Loop {
        let targets = self.until(&["in"]);
        let variables: Vec<Name> = targets.filter(|it| !self.word(*it).is_empty()).map(|it| self.name(it)).collect();
        self.expect("in");
        let reverse = self.take("reverse");
        let piece = self.until(&["loop"]);
        let dots = piece.clone().find(|it| self.kind(*it) == Kind::DotDot);
        if let (Some(dots), Some(variable)) = (dots, variables.first()) {
            let by = piece.clone().find(|it| self.is_word(*it, "by"));
            let from = self.expression(piece.start..dots);
            let to = self.expression(dots + 1..by.unwrap_or(piece.end));
            // Only loops that count up by one are followed.
            let plain = by.is_none() && !reverse;
            return Loop::Range { variable: variable.clone(), from: from.filter(|_| plain), to: to.filter(|_| plain) };
        }
        let query = match self.word(piece.start).as_str() {
            "select" | "with" | "values" | "table" | "insert" | "update" | "delete" => self.statement(piece, None),
            _ if self.kind(piece.start) == mark::OPEN => self.statement(piece, None),
            // `EXECUTE` or a cursor.
            _ => None,
        };
        Loop::Rows { variables, query }
    }

    fn leave_function(&mut self) -> Option<Instruction> {
        self.at += 1;
        if !self.take("query") {
            let next = self.is_word(self.at, "next");
            let piece = self.skip_statement();
            if !piece.is_empty() && !next {
                self.expression(piece);
            }
            return (!next).then_some(Instruction::Leave { conditional: false });
        }
        if self.take("execute") {
            let text = self.until(&["using"]);
            let text = self.expression(text);
            self.skip_statement();
            return Some(Instruction::Execute(text?, Vec::new()));
        }
        let piece = self.skip_statement();
        Some(Instruction::Sql(self.statement(piece, None)?, Vec::new()))
    }

    /// An SQL statement. Of a query, `INTO [STRICT] target, …` is not SQL's (`make_execsql_stmt`).
    fn sql(&mut self) -> Option<Instruction> {
        let first = self.word(self.at);
        let piece = self.skip_statement();
        let queries = ["select", "with", "insert", "update", "delete", "merge", "values", "table", "perform"];
        let into = queries.contains(&first.as_str()).then(|| self.clause_into(&piece)).flatten();
        let targets = into.as_ref().map(|it| self.targets(it)).unwrap_or_default();
        Some(Instruction::Sql(self.statement(piece, into)?, targets))
    }

    /// The `INTO` clause of a statement, with its targets.
    fn clause_into(&self, piece: &Range<usize>) -> Option<Range<usize>> {
        let mut depth = 0;
        for at in piece.clone() {
            match self.kind(at) {
                mark::OPEN | mark::OPEN_BRACKET => depth += 1,
                mark::CLOSE | mark::CLOSE_BRACKET => depth -= 1,
                Kind::Into if depth == 0 => {
                    let written = at.checked_sub(1).filter(|it| piece.contains(it)).map(|it| self.word(it));
                    if !matches!(written.as_deref(), Some("insert" | "merge")) {
                        return Some(at..self.targets_end(at + 1, piece.end));
                    }
                }
                _ => {}
            }
        }
        None
    }

    /// The end of `[STRICT] a, b.c, d[1]`.
    fn targets_end(&self, start: usize, end: usize) -> usize {
        let mut at = start + usize::from(self.is_word(start, "strict"));
        loop {
            at += 1;
            while at < end && self.kind(at) == mark::DOT {
                at += 2;
            }
            if at < end && self.kind(at) == mark::COMMA {
                at += 1;
                continue;
            }
            return at.min(end);
        }
    }

    fn targets(&self, piece: &Range<usize>) -> Vec<Name> {
        let is_into = self.is_word(piece.start, "into");
        let end = if is_into { self.targets_end(piece.start + 1, piece.end) } else { piece.start };
        let names = (piece.start + usize::from(is_into)..end).filter(|it| {
            !matches!(self.word(*it).as_str(), "" | "strict") && self.kind(it.saturating_sub(1)) != mark::DOT
        });
        names.map(|it| self.name(it)).collect()
    }
}
