//! `CREATE FUNCTION` and `DO`.

use super::cx::Cx;
use super::name::string;
use super::rename::is_string;
use crate::Span;
use crate::ast::{AlteredFunction, CreateFunction, Do, FunctionBody, Name, Parameter, ParameterMode, Volatility};
use crate::token::{Kind, mark};
use crate::tree as pb;
use crate::tree::AnyNode as N;
use smol_str::SmolStr;

impl Cx<'_> {
    pub(super) fn create_function(&self, node: &pb::CreateFunctionStmt) -> CreateFunction {
        let word = if node.is_procedure { Kind::Procedure } else { Kind::Function };
        let word = self.find(self.all(), word).unwrap_or(1);
        let mut function = CreateFunction {
            name: self.any_name(&node.funcname, word + 1),
            procedure: node.is_procedure,
            replace: node.replace,
            parameters: node.parameters.iter().filter_map(|it| self.parameter(it)).collect(),
            returns: node.return_type.get().map(|it| self.type_name(it)),
            language: None,
            volatility: Volatility::default(),
            security_definer: false,
            body: None,
            atomic: node.sql_body.get().map(|_| self.atomic(word)),
            program: None,
            settings: Vec::new(),
        };
        for option in &node.options {
            if let Some(N::DefElem(option)) = option.node() {
                self.function_option(option, &mut function);
            }
        }
        function
    }

    /// Where a body in the standard's form stands: it comes last.
    fn atomic(&self, word: usize) -> Span {
        let open = self.find(self.from(word), mark::OPEN).unwrap_or(word);
        let behind = self.from(self.partner(open));
        match self.find_run(behind.clone(), &[Kind::BeginP, Kind::Atomic]) {
            Some(at) => self.span(&(at + 2..behind.end - 1)),
            None => self.span(&(self.find(behind.clone(), Kind::Return).unwrap_or(behind.start)..behind.end)),
        }
    }

    fn parameter(&self, node: &pb::Node) -> Option<Parameter> {
        let Some(N::FunctionParameter(it)) = node.node() else { return None };
        let data_type = self.type_name(it.arg_type.get()?);
        let span = data_type.span;
        Some(Parameter {
            name: (!it.name.is_empty()).then(|| Name { text: SmolStr::new(&*it.name), span }),
            // `FunctionParameterMode` in `nodes/parsenodes.h`.
            mode: match it.mode.get() {
                'o' => ParameterMode::Out,
                'b' => ParameterMode::InOut,
                'v' => ParameterMode::Variadic,
                't' => ParameterMode::Table,
                _ => ParameterMode::In,
            },
            data_type,
            default: it.defexpr.get().map(|it| self.expr(it)),
        })
    }

    fn function_option(&self, option: &pb::DefElem, function: &mut CreateFunction) {
        let at = self.place_or_start(option.location);
        let arg = option.arg.get().and_then(|it| it.node());
        match (&*option.defname, arg) {
            ("language", Some(N::String(it))) => function.language = Some(self.name(&it.sval, at + 1)),
            ("volatility", Some(N::String(it))) => {
                function.volatility = volatility(&it.sval);
            }
            ("security", Some(N::Boolean(it))) => function.security_definer = it.boolval,
            ("set", Some(N::VariableSetStmt(it))) => function.settings.push(it.name.to_ascii_lowercase()),
            ("as", Some(N::List(it))) => {
                function.body = it.first().and_then(string).map(|it| self.function_body(it, at + 1));
            }
            _ => {}
        }
    }

    pub(super) fn altered_function(&self, node: &pb::AlterFunctionStmt) -> Option<AlteredFunction> {
        let object = node.func.get()?;
        let mut words = node.actions.iter().filter_map(|it| match it.node() {
            Some(N::DefElem(option)) if *option.defname == *"volatility" => option.arg.get().and_then(string),
            _ => None,
        });
        Some(AlteredFunction {
            // Behind `ALTER FUNCTION`.
            name: self.any_name(&object.objname, 2),
            arguments: (!object.args_unspecified).then(|| self.argument_types(&object.objargs)),
            volatility: words.next_back().map(volatility),
        })
    }

    /// The text of a function, whose constant is the first from `at` on.
    fn function_body(&self, text: &str, at: usize) -> FunctionBody {
        let at = self.from(at).find(|&it| is_string(self.kind(it))).unwrap_or(at);
        let span = self.token_span(at);
        let written = self.token_text(at);
        let quote = match written.as_bytes() {
            [b'\'', ..] => Some(1),
            [b'$', rest @ ..] => rest.iter().position(|&it| it == b'$').map(|it| it + 2),
            _ => None,
        };
        let start = quote.filter(|&it| written.get(it..it + text.len()) == Some(text));
        FunctionBody { text: text.to_owned(), span, start: start.map(|it| span.start + it as u32) }
    }

    pub(super) fn do_block(&self, node: &pb::DoStmt) -> Do {
        let start = self.span(&(0..0));
        let mut block = Do {
            language: Name { text: SmolStr::new_static("plpgsql"), span: start },
            body: FunctionBody { text: String::new(), span: start, start: None },
            program: None,
        };
        for option in &node.args {
            let Some(N::DefElem(option)) = option.node() else { continue };
            let at = self.place_or_start(option.location);
            match (&*option.defname, option.arg.get().and_then(string)) {
                ("language", Some(name)) => block.language = self.name(name, at + 1),
                ("as", Some(text)) => block.body = self.function_body(text, at),
                _ => {}
            }
        }
        block
    }
}

fn volatility(word: &str) -> Volatility {
    match word {
        "immutable" => Volatility::Immutable,
        "stable" => Volatility::Stable,
        _ => Volatility::Volatile,
    }
}
