//! The text of a function or `DO` block that the server's parser refuses.

use crate::About;
use crate::choose::Findings;
use crate::refusals::Reporter;
use crate::step::Step;
use lockkeeper_syntax::Body;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::FunctionBodySyntax) else { return };
    let whose = match &step.statement.body {
        Body::CreateFunction(it) if it.procedure => format!("the procedure `{}`", it.name),
        Body::CreateFunction(it) => format!("the function `{}`", it.name),
        _ => "the `DO` block".to_owned(),
    };
    let message = format!("the text of {whose} does not parse: {}", failure.refusal.message());
    found.report(About::Failure, failure.span, message).caption(step.refuses(failure));
}
