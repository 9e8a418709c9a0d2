//! Column types.

use crate::alembic::args::{Arg, Args};
use crate::alembic::eval::Interpreter;
use crate::alembic::schema::{Affinity, Enumeration, Type, TypeKind};
use crate::alembic::text::Text;
use crate::alembic::value::{ClassKind, Value};
use crate::alembic::{HOLE, library};
use lockkeeper_syntax::Span;
use std::cell::RefCell;
use std::rc::Rc;

/// The types whose word on PostgreSQL is their name in capitals, with no more to it.
const WORDS: &[&str] = &[
    "INET",
    "CIDR",
    "MACADDR",
    "MACADDR8",
    "MONEY",
    "OID",
    "REGCLASS",
    "REGCONFIG",
    "TSVECTOR",
    "TSQUERY",
    "HSTORE",
    "CITEXT",
    "JSON",
    "JSONB",
    "JSONPATH",
    "BYTEA",
    "UUID",
    "DATE",
    "REAL",
    "CLOB",
    "BLOB",
    "DATETIME",
    "INT4RANGE",
    "INT8RANGE",
    "NUMRANGE",
    "DATERANGE",
    "TSRANGE",
    "TSTZRANGE",
    "INT4MULTIRANGE",
    "INT8MULTIRANGE",
    "NUMMULTIRANGE",
    "DATEMULTIRANGE",
    "TSMULTIRANGE",
    "TSTZMULTIRANGE",
];

impl<'a> Interpreter<'a> {
    /// The type that an argument names: a type, or its class.
    pub(crate) fn type_of(&mut self, arg: &Arg<'a>) -> Rc<RefCell<Type<'a>>> {
        match &arg.value {
            Value::Type(it) => Rc::clone(it),
            Value::Library(path) => {
                let path = Rc::clone(path);
                match self.construct_type(&path, Args::none(arg.span)) {
                    Some(Value::Type(it)) => it,
                    _ => self.placeholder(arg.span, &format!("`{path}`")),
                }
            }
            Value::Class(class) => {
                let class = Rc::clone(class);
                match self.type_of_class(&class, Args::none(arg.span)) {
                    Value::Type(it) => it,
                    _ => self.placeholder(arg.span, &format!("the class `{}`", class.name)),
                }
            }
            Value::None => Rc::new(RefCell::new(Type { kind: TypeKind::Null, span: arg.span, collation: None })),
            Value::Unknown(it) => {
                let why = Rc::clone(&it.why);
                self.placeholder(arg.span, &why)
            }
            other => {
                let kind = other.kind();
                self.placeholder(arg.span, kind)
            }
        }
    }

    /// Stands for a type that is not known.
    pub(super) fn placeholder(&mut self, span: Span, why: &str) -> Rc<RefCell<Type<'a>>> {
        self.problem(span, format!("the type depends on {why}"));
        Rc::new(RefCell::new(Type::plain(HOLE, Affinity::Other, span)))
    }

    /// Makes a type of the class at `path`; `None` if it is no type that is known.
    pub(crate) fn construct_type(&mut self, path: &str, mut args: Args<'a>) -> Option<Value<'a>> {
        let span = args.span;
        let name = path.rsplit('.').next().unwrap_or_default();
        let kind = if library::is_sqlalchemy(path) {
            self.sqlalchemy_type(path, name, &mut args)?
        } else {
            let known = third_party(path, name, &mut args).map(|it| match it {
                // Types of other packages write their word whatever the server is, and SQLite takes any word.
                TypeKind::Plain(word, affinity) if self.dialect == "sqlite" && word != "TSVECTOR" => {
                    TypeKind::Plain("TEXT".to_owned(), affinity)
                }
                other => other,
            });
            known.or_else(|| self.third_party_wrapper(path, name, &mut args))?
        };
        let collation = args.named("collation");
        let collation = self.optional(collation, "the collation");
        self.finish(&args, name);
        Some(Value::Type(Rc::new(RefCell::new(Type { kind, span, collation }))))
    }

    fn sqlalchemy_type(&mut self, path: &str, name: &str, args: &mut Args<'a>) -> Option<TypeKind<'a>> {
        let postgresql = path.contains("postgresql");
        let plain = |name: &str| TypeKind::Plain(name.to_owned(), Affinity::Other);
        Some(match name {
            "Integer" | "INTEGER" | "INT" => TypeKind::Plain("INTEGER".to_owned(), Affinity::Integer),
            "BigInteger" | "BIGINT" => TypeKind::Plain("BIGINT".to_owned(), Affinity::BigInteger),
            "SmallInteger" | "SMALLINT" => TypeKind::Plain("SMALLINT".to_owned(), Affinity::SmallInteger),
            "Boolean" | "BOOLEAN" => {
                args.ignore(&["create_constraint", "name"]);
                TypeKind::Plain("BOOLEAN".to_owned(), Affinity::Boolean)
            }
            "Numeric" | "NUMERIC" | "DECIMAL" => {
                let word = if name == "DECIMAL" { "DECIMAL" } else { "NUMERIC" };
                let (precision, scale) = (number(args, "precision"), number(args, "scale"));
                args.ignore(&["asdecimal", "decimal_return_scale"]);
                TypeKind::Plain(
                    match (precision, scale) {
                        (Some(precision), Some(scale)) => format!("{word}({precision}, {scale})"),
                        (Some(precision), None) => format!("{word}({precision})"),
                        _ => word.to_owned(),
                    },
                    Affinity::Numeric,
                )
            }
            "Float" | "FLOAT" => {
                let precision = number(args, "precision").filter(|&it| it != 0);
                args.ignore(&["asdecimal", "decimal_return_scale"]);
                TypeKind::Plain(sized("FLOAT", precision), Affinity::Numeric)
            }
            "Double" | "DOUBLE" | "DOUBLE_PRECISION" => {
                let _ = number(args, "precision");
                args.ignore(&["asdecimal", "decimal_return_scale"]);
                let word = if name == "DOUBLE" { "DOUBLE" } else { "DOUBLE PRECISION" };
                TypeKind::Plain(word.to_owned(), Affinity::Numeric)
            }
            "String" | "VARCHAR" | "Unicode" => plain(&sized("VARCHAR", self.length(args))),
            "Text" | "TEXT" | "UnicodeText" => plain(&sized("TEXT", self.length(args))),
            "CHAR" => plain(&sized("CHAR", self.length(args))),
            "NCHAR" | "NVARCHAR" => plain(&sized(name, self.length(args))),
            "DateTime" | "TIMESTAMP" => {
                if let Some(it) = args.positional.front().and_then(|it| it.value.text()) {
                    return Some(plain(&format!("TIMESTAMP {}", it.as_str())));
                }
                plain(&timed("TIMESTAMP", args))
            }
            "Time" | "TIME" => plain(&timed("TIME", args)),
            "Date" => plain("DATE"),
            "Interval" | "INTERVAL" => {
                args.ignore(&["native", "second_precision", "day_precision"]);
                let precision = if postgresql { number(args, "precision") } else { None };
                let fields = args.next("fields").and_then(|it| it.value.text());
                let fields = fields.map(|it| format!(" {}", it.as_str())).unwrap_or_default();
                // What is PostgreSQL's alone is no type of SQLite; the other is a date there.
                if self.dialect == "sqlite" && !postgresql {
                    return Some(plain("DATETIME"));
                }
                plain(&format!("INTERVAL{fields}{}", precision.map(|it| format!(" ({it})")).unwrap_or_default()))
            }
            "LargeBinary" | "PickleType" => {
                args.positional.clear();
                args.named.clear();
                plain(if self.dialect == "sqlite" { "BLOB" } else { "BYTEA" })
            }
            "BYTEA" | "BLOB" => {
                let _ = number(args, "length");
                plain(name)
            }
            "BINARY" | "VARBINARY" => plain(&sized(name, number(args, "length"))),
            "JSON" | "JSONB" | "MutableJson" => {
                args.positional.clear();
                args.ignore(&["astext_type", "none_as_null"]);
                plain(name)
            }
            "HSTORE" => {
                args.ignore(&["text_type"]);
                plain(name)
            }
            "Uuid" | "UUID" => {
                let native = args.switch("native_uuid") != Some(false);
                args.positional.clear();
                args.ignore(&["as_uuid"]);
                plain(if native || name == "UUID" { "UUID" } else { "CHAR(32)" })
            }
            "BIT" => {
                let length = number(args, "length");
                let varying = args.next("varying").is_some_and(|it| it.value.truth() == Some(true));
                plain(&match (varying, length) {
                    (true, Some(it)) => format!("BIT VARYING({it})"),
                    (true, None) => "BIT VARYING".to_owned(),
                    (false, it) => format!("BIT({})", it.unwrap_or(1)),
                })
            }
            "DATETIME" => {
                args.ignore(&["timezone", "fsp"]);
                plain("DATETIME")
            }
            "Enum" | "ENUM" => self.enumeration(postgresql, args),
            "ARRAY" => {
                let item = args.next("item_type");
                let item = match item {
                    Some(item) => self.type_of(&item),
                    None => return None,
                };
                let dimensions = args.named("dimensions").and_then(|it| it.value.int()).unwrap_or(1);
                args.ignore(&["as_tuple", "zero_indexes"]);
                args.positional.clear();
                TypeKind::Array(item, dimensions.clamp(1, 6) as usize)
            }
            "DOMAIN" => {
                let text = args.next("name").and_then(|it| it.value.text())?;
                args.positional.clear();
                args.named.clear();
                plain(if self.dialect == "sqlite" { "DOMAIN" } else { text.as_str() })
            }
            "NullType" => TypeKind::Null,
            word if WORDS.contains(&word) => plain(word),
            _ => return None,
        })
    }

    fn length(&mut self, args: &mut Args<'a>) -> Option<i64> {
        args.ignore(&["convert_unicode", "unicode_error", "_warn_on_bytestring", "_expect_unicode"]);
        let arg = args.next("length")?;
        let length = arg.value.int();
        if let Value::Unknown(it) = &arg.value {
            let message = format!("the length depends on {}", it.why);
            self.problem(arg.span, message);
        }
        length
    }

    fn enumeration(&mut self, postgresql: bool, args: &mut Args<'a>) -> TypeKind<'a> {
        let name = args.named("name");
        let mut name = self.optional(name, "the name of the type");
        let schema = args.named("schema");
        let schema = self.optional(schema, "the schema");
        let native = args.switch("native_enum") != Some(false);
        // `sa.Enum(create_type=False)` is ignored by SQLAlchemy 2.0.
        let create_type = args.switch("create_type") != Some(false) || !postgresql;
        let create_constraint = args.flag("create_constraint");
        let length = args.named("length").and_then(|it| it.value.int());
        let by_value = args.named("values_callable").is_some_and(|it| !matches!(it.value, Value::None));
        args.ignore(&["inherit_schema", "metadata", "validate_strings", "omit_aliases", "sort_key_function", "quote"]);
        args.ignore(&["convert_unicode", "checkfirst", "_create_events", "_enums"]);
        let positional = std::mem::take(&mut args.positional);
        let mut labels = Some(Vec::new());
        if args.open.take().is_some() {
            labels = None;
        }
        for Arg { value, span } in positional {
            match value {
                Value::Class(class) if matches!(class.kind, ClassKind::Enum) => {
                    if name.is_none() {
                        name = Some(Text::made(class.name.to_lowercase(), span));
                    }
                    for member in Value::Class(class).items().unwrap_or_default() {
                        let Value::Object(member) = member else { continue };
                        let label =
                            if by_value { member.value.text() } else { member.member.map(|it| Text::made(it, span)) };
                        match (label, &mut labels) {
                            (Some(label), Some(all)) => all.push(label),
                            _ => labels = None,
                        }
                    }
                }
                value => match (value.text(), &mut labels) {
                    (Some(label), Some(all)) => all.push(label),
                    _ => labels = None,
                },
            }
        }
        let it = Enumeration { name, schema, labels, native, create_type, create_constraint, length };
        TypeKind::Enum(Rc::new(RefCell::new(it)))
    }

    /// `with_variant(type, dialect, …)`.
    pub(crate) fn with_variant(&mut self, base: &Rc<RefCell<Type<'a>>>, mut args: Args<'a>) -> Value<'a> {
        let variant = args.next("type_");
        let dialects: Vec<Option<Text>> = args.positional.iter().map(|it| it.value.text()).collect();
        if let Some(variant) = variant.filter(|_| dialects.iter().flatten().any(|it| it.as_str() == self.dialect)) {
            return Value::Type(self.type_of(&variant));
        }
        Value::Type(Rc::clone(base))
    }

    /// Types of other packages that wrap another type.
    fn third_party_wrapper(&mut self, path: &str, name: &str, args: &mut Args<'a>) -> Option<TypeKind<'a>> {
        let wrapped = match (path.split('.').next()?, name) {
            ("sqlalchemy_utils", "ChoiceType") => args.named("impl").or_else(|| args.positional.get(1).cloned()),
            // What is stored is text or bytes, whatever type the value has in Python.
            ("sqlalchemy_utils", "StringEncryptedType" | "PasswordType" | "ScalarListType") => None,
            ("sqlalchemy_utils", "EncryptedType") => {
                let bytes = Value::Library("sqlalchemy.LargeBinary".into());
                Some(Arg { value: bytes, span: args.span })
            }
            _ => return None,
        };
        args.positional.clear();
        args.named.clear();
        match wrapped {
            Some(arg) => Some(self.type_of(&arg).borrow().kind.clone()),
            None if name == "PasswordType" => Some(TypeKind::Plain("VARBINARY(1137)".to_owned(), Affinity::Other)),
            None if name == "ChoiceType" => Some(TypeKind::Plain("VARCHAR(255)".to_owned(), Affinity::Other)),
            None if name == "ScalarListType" => Some(TypeKind::Plain("TEXT".to_owned(), Affinity::Other)),
            None => Some(TypeKind::Plain("VARCHAR".to_owned(), Affinity::Other)),
        }
    }
}

fn sized(word: &str, length: Option<i64>) -> String {
    length.map_or_else(|| word.to_owned(), |it| format!("{word}({it})"))
}

fn timed(word: &str, args: &mut Args<'_>) -> String {
    let zone = args.next("timezone").is_some_and(|it| it.value.truth() == Some(true));
    let precision = number(args, "precision").map(|it| format!("({it})")).unwrap_or_default();
    args.ignore(&["fsp"]);
    format!("{word}{precision} {} TIME ZONE", if zone { "WITH" } else { "WITHOUT" })
}

fn number(args: &mut Args<'_>, name: &str) -> Option<i64> {
    args.next(name).and_then(|it| it.value.int())
}

/// Types of other packages that are known by name.
fn third_party<'a>(path: &str, name: &str, args: &mut Args<'a>) -> Option<TypeKind<'a>> {
    let plain = |word: String| Some(TypeKind::Plain(word, Affinity::Other));
    match (path.split('.').next()?, name) {
        ("sqlmodel", "AutoString") => plain(sized("VARCHAR", number(args, "length"))),
        ("sqlmodel", "Uuid") => {
            args.ignore(&["as_uuid"]);
            plain("UUID".to_owned())
        }
        (
            "sqlmodel" | "fastapi_users" | "fastapi_users_db_sqlalchemy" | "fastapi_utils" | "advanced_alchemy",
            "GUID",
        ) => {
            args.ignore(&["length", "binary"]);
            plain("UUID".to_owned())
        }
        ("fastapi_users_db_sqlalchemy" | "fastapi_users", "TIMESTAMPAware") => {
            args.ignore(&["timezone"]);
            plain("TIMESTAMP WITH TIME ZONE".to_owned())
        }
        ("sqlalchemy_utils", _) => {
            let word = match name {
                "UUIDType" => "UUID",
                "TSVectorType" => "TSVECTOR",
                "JSONType" => "JSON",
                "EmailType" => "VARCHAR(255)",
                "URLType" => "TEXT",
                "LtreeType" => "LTREE",
                "IPAddressType" => "VARCHAR(50)",
                "PhoneNumberType" => "VARCHAR(20)",
                "TimezoneType" => "VARCHAR(50)",
                "ColorType" => "VARCHAR(20)",
                "CountryType" => "VARCHAR(2)",
                "CurrencyType" => "VARCHAR(3)",
                _ => return None,
            };
            args.positional.clear();
            args.named.clear();
            plain(word.to_owned())
        }
        ("pgvector", "Vector" | "VECTOR" | "HALFVEC" | "SPARSEVEC") => {
            plain(sized(&name.to_uppercase(), number(args, "dim")))
        }
        ("pgvector", "BIT") => plain(sized("BIT", number(args, "length"))),
        ("geoalchemy2", "Geometry" | "Geography") => {
            let shape = args.next("geometry_type").and_then(|it| it.value.text());
            let srid = args.next("srid").and_then(|it| it.value.int());
            let indexed = args.switch("spatial_index") != Some(false);
            args.ignore(&["dimension", "from_text", "name", "use_N_D_index", "nullable", "management", "use_typmod"]);
            args.positional.clear();
            let word = name.to_lowercase();
            let shape = shape.map_or_else(|| "GEOMETRY".to_owned(), |it| it.as_str().to_owned());
            let affinity = if indexed { Affinity::Spatial } else { Affinity::Other };
            Some(TypeKind::Plain(format!("{word}({shape},{})", srid.unwrap_or(-1)), affinity))
        }
        ("citext", "CIText") => plain("CITEXT".to_owned()),
        _ => None,
    }
}
