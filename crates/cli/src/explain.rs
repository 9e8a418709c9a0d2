//! `lockkeeper explain` and `lockkeeper rules`.

use crate::args::{ExplainArgs, Format, RulesArgs};
use crate::host::Host;
use crate::{CliError, Outcome, output};
use lockkeeper_core::{RULES, Settings, rule};
use lockkeeper_report::{page, rules_human, rules_json};

/// Shows the page of a rule, or which rules there are.
pub(crate) fn explain(args: &ExplainArgs, host: &dyn Host) -> Result<Outcome, CliError> {
    let look = output::look(args.color, false, host);
    let text = match &args.rule {
        None => rules_human(RULES, look),
        Some(name) => match rule(name) {
            Some(rule) => page(rule.document(), look),
            // The settings know which name may be meant.
            None => {
                return Settings::default()
                    .select([name.as_str()])
                    .map(|()| Outcome::Clean)
                    .map_err(CliError::UnknownRule);
            }
        },
    };
    output::stdout(&text, host)?;
    Ok(Outcome::Clean)
}

/// Lists the rules.
pub(crate) fn rules(args: &RulesArgs, host: &dyn Host) -> Result<Outcome, CliError> {
    let text = match args.output.format {
        Format::Human => rules_human(RULES, output::look(args.output.color, args.output.output.is_some(), host)),
        Format::Json => rules_json(RULES),
    };
    output::deliver(&text, args.output.output.as_deref(), host)?;
    Ok(Outcome::Clean)
}
