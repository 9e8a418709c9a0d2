//! Python's standard library, as far as revisions use it.

use crate::alembic::args::Args;
use crate::alembic::date::{Moment, Relative, TODAY, is_date, is_time};
use crate::alembic::eval::Interpreter;
use crate::alembic::sql::{JsonStyle, json};
use crate::alembic::text::Text;
use crate::alembic::value::Value;
use crate::calendar::{day, days_in};

impl<'a> Interpreter<'a> {
    /// Calls something of the standard library; `None` if it is not known.
    pub(crate) fn call_stdlib(&mut self, path: &str, given: &Args<'a>) -> Option<Value<'a>> {
        let mut args = given.clone();
        let at = args.span;
        let first = args.positional.front().map(|it| it.value.clone());
        // `import datetime` and `from datetime import datetime` give different paths.
        let path = path.strip_prefix("datetime.").map_or(path, |it| {
            if it.starts_with("datetime") || it.starts_with("date") || it.starts_with("time") { it } else { path }
        });
        Some(match path {
            "datetime" | "datetime.datetime" | "date" => {
                let mut part = |name: &str| args.next(name).map(|it| it.value.int());
                let (year, month, date) = (part("year")??, part("month")??, part("day")??);
                let hour = part("hour").unwrap_or(Some(0))?;
                let minute = part("minute").unwrap_or(Some(0))?;
                let second = part("second").unwrap_or(Some(0))?;
                let _ = part("microsecond");
                let zone = args.next("tzinfo").is_some_and(|it| !matches!(it.value, Value::None));
                if !is_date(year, month, date) || !is_time(hour, minute, second) {
                    return None;
                }
                let time = (path != "date").then_some(hour * 3600 + minute * 60 + second);
                Value::Moment(Moment { day: day(year, month, date), time, utc: zone })
            }
            "datetime.now"
            | "datetime.utcnow"
            | "datetime.today"
            | "datetime.datetime.now"
            | "datetime.datetime.utcnow" => {
                self.reads_clock(at);
                let zone = first.is_some() || !args.named.is_empty();
                Value::Moment(Moment { time: Some(0), utc: zone, ..TODAY })
            }
            "date.today" => {
                self.reads_clock(at);
                Value::Moment(TODAY)
            }
            "datetime.fromisoformat" | "date.fromisoformat" => Value::Moment(Moment::parse(first?.text()?.as_str())?),
            "datetime.strptime" => Value::Moment(Moment::parse(first?.text()?.as_str())?),
            "datetime.combine" => match first? {
                Value::Moment(it) => Value::Moment(Moment { time: Some(0), ..it }),
                _ => return None,
            },
            "timedelta" => {
                let mut part = |name: &str| args.next(name).map_or(Some(0), |it| it.value.int());
                let (days, seconds) = (part("days")?, part("seconds")?);
                let (_, _) = (part("microseconds")?, part("milliseconds")?);
                let (minutes, hours, weeks) = (part("minutes")?, part("hours")?, part("weeks")?);
                let seconds = hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?.checked_add(seconds)?;
                Value::Delta(
                    weeks.checked_mul(7)?.checked_add(days)?.checked_add(seconds.div_euclid(86_400))?,
                    seconds.rem_euclid(86_400),
                )
            }
            "dateutil.relativedelta.relativedelta" => {
                // Of two dates it is what lies between them.
                if !args.positional.is_empty() {
                    return None;
                }
                let mut part = |name: &str| args.next(name).map_or(Some(0), |it| it.value.int());
                let (years, months, weeks) = (part("years")?, part("months")?, part("weeks")?);
                let (days, hours) = (part("days")?, part("hours")?);
                let (minutes, seconds) = (part("minutes")?, part("seconds")?);
                let mut set = |name: &str| match args.next(name) {
                    Some(it) => it.value.int().map(Some),
                    None => Some(None),
                };
                let (year, month, date) = (set("year")?, set("month")?, set("day")?);
                args.left().is_none().then_some(())?;
                Value::Relative(Relative {
                    year,
                    month,
                    date,
                    months: years.checked_mul(12)?.checked_add(months)?,
                    days: weeks.checked_mul(7)?.checked_add(days)?,
                    seconds: hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?.checked_add(seconds)?,
                })
            }
            "calendar.monthrange" => {
                let (year, month) = (first?.int()?, args.positional.get(1)?.value.int()?);
                if !is_date(year, month, 1) {
                    return None;
                }
                let weekday = Moment { day: day(year, month, 1), time: None, utc: false }.weekday();
                Value::tuple(vec![Value::Int(weekday), Value::Int(days_in(year, month))])
            }
            "json.dumps" | "simplejson.dumps" => {
                let mut style = JsonStyle::default();
                if let Some(Value::Tuple(separators)) = args.named("separators").map(|it| it.value) {
                    style.item = separators.first()?.text()?.as_str().to_owned();
                    style.key = separators.get(1)?.text()?.as_str().to_owned();
                }
                style.ascii = args.switch("ensure_ascii") != Some(false);
                style.sorted = args.flag("sort_keys");
                if args.named("indent").is_some_and(|it| !matches!(it.value, Value::None)) {
                    return None;
                }
                Value::Str(Text::made(json(&first?, &style)?, at))
            }
            "textwrap.dedent" | "inspect.cleandoc" => Value::Str(dedent(&first?.text()?)),
            "itertools.product" => {
                let lists: Option<Vec<Vec<Value<'a>>>> = args.positional.iter().map(|it| it.value.items()).collect();
                let mut rows: Vec<Vec<Value<'a>>> = vec![Vec::new()];
                for list in lists? {
                    if rows.len().checked_mul(list.len())? > 20_000 {
                        return None;
                    }
                    rows = rows
                        .into_iter()
                        .flat_map(|row| list.iter().map(move |it| [row.as_slice(), std::slice::from_ref(it)].concat()))
                        .collect();
                }
                Value::list(rows.into_iter().map(Value::tuple).collect())
            }
            "itertools.chain" => {
                let lists: Option<Vec<Vec<Value<'a>>>> = args.positional.iter().map(|it| it.value.items()).collect();
                Value::list(lists?.concat())
            }
            "copy.copy" | "copy.deepcopy" => first?,
            "collections.OrderedDict" | "OrderedDict" => first.unwrap_or_else(|| Value::dict(Vec::new())),
            "functools.partial" | "partial" => return None,
            "enum.auto" => Value::unknown("auto()"),
            // Another one in each run; none of them matters.
            "uuid.uuid1" | "uuid.uuid4" => {
                Value::Str(Text::made(format!("00000000-0000-4000-8000-{:012x}", at.start), at))
            }
            "uuid.UUID" => Value::Str(first?.text()?),
            "typing.cast" => args.positional.get(1)?.value.clone(),
            _ => return None,
        })
    }

    /// A value depends on the day on which the migration runs.
    pub(crate) fn reads_clock(&mut self, at: lockkeeper_syntax::Span) {
        let at = self.here(at);
        if !self.clock.contains(&at) {
            self.clock.push(at);
        }
    }
}

/// `textwrap.dedent`: what all lines begin with is cut off.
fn dedent(text: &Text) -> Text {
    let whole = text.as_str();
    let blank = |it: &&str| it.trim().is_empty();
    let indent = |it: &str| it.len() - it.trim_start_matches([' ', '\t']).len();
    let margin = whole.split('\n').filter(|it| !blank(it)).map(indent).min().unwrap_or_default();
    let mut out = Text::default();
    let at = text.extent();
    for (place, line) in whole.split('\n').enumerate() {
        if place > 0 {
            out.add("\n", at);
        }
        if !blank(&line) {
            out.push(&text.piece(&line[margin..]));
        }
    }
    out
}
