//! Sessions of an agent with the real binary, through the client of the protocol's own kit.

use crate::{Project, project};
use rmcp::model::{CallToolRequestParams, CallToolResult};
use rmcp::service::RunningService;
use rmcp::{RoleClient, ServiceExt};
use serde_json::{Value, json};
use std::process::Stdio;
use tokio::process::Child;

/// An agent with the server that it has started in a project.
struct Agent {
    server: Child,
    session: RunningService<RoleClient, ()>,
}

/// Lets an agent work in a project.
fn agent<R>(project: &Project, work: impl AsyncFnOnce(&mut Agent) -> R) -> R {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be built");
    runtime.block_on(async {
        let mut command = tokio::process::Command::from(project.command("mcp app"));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut server = command.spawn().expect("the server starts");
        let streams = server.stdout.take().zip(server.stdin.take()).expect("it has streams");
        let session = ().serve(streams).await.expect("a session begins");
        let mut agent = Agent { server, session };
        let result = work(&mut agent).await;
        agent.session.cancel().await.expect("the session ends");
        assert!(agent.server.wait().await.expect("the server ends").success());
        result
    })
}

impl Agent {
    async fn call(&self, tool: &'static str, arguments: Value) -> CallToolResult {
        let arguments = arguments.as_object().cloned().expect("arguments are an object");
        let call = CallToolRequestParams::new(tool).with_arguments(arguments);
        self.session.call_tool(call).await.expect("the tool answers")
    }

    async fn text(&self, tool: &'static str, arguments: Value) -> String {
        let result = self.call(tool, arguments).await;
        assert_eq!(result.is_error, Some(false), "{result:?}");
        result.content[0].as_text().expect("the answer is a text").text.clone()
    }

    async fn json(&self, tool: &'static str, arguments: Value) -> Value {
        let text = self.text(tool, arguments).await;
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    async fn refusal(&self, tool: &'static str, arguments: Value) -> String {
        let result = self.call(tool, arguments).await;
        assert_eq!(result.is_error, Some(true), "{result:?}");
        result.content[0].as_text().expect("the refusal is a text").text.clone()
    }
}

fn history() -> Project {
    project(&[
        ("app/lockkeeper.toml", "postgres = 15\n"),
        ("app/db/1_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY);\n"),
        ("app/db/2_index.sql", "CREATE INDEX users_name ON users (lower(name));\n"),
    ])
}

#[test]
fn every_tool_answers_with_history_and_configuration() {
    agent(&history(), async |agent| {
        let tools = agent.session.list_all_tools().await.unwrap();
        let names: Vec<&str> = tools.iter().map(|it| &*it.name).collect();
        assert_eq!(names, ["check", "effects", "schema", "rules", "explain"]);
        assert!(tools.iter().all(|it| it.annotations.as_ref().and_then(|it| it.read_only_hint) == Some(true)));

        let check = agent.json("check", json!({"paths": ["db"]})).await;
        assert_eq!((&check["postgres"], &check["findings"][0]["rule"]), (&json!(15), &json!("object-missing")));
        let written = json!({"sql": "DROP TABLE users;", "filename": "db/3_drop.sql", "pg": 18});
        let check = agent.json("check", written.clone()).await;
        assert_eq!(check["findings"][0]["path"], "db/3_drop.sql");
        assert_eq!(check["findings"][0]["assumed"], json!([]));
        let effects = agent.json("effects", written).await;
        assert_eq!(effects["statements"][0]["locks"][0]["mode"], "ACCESS EXCLUSIVE");
        assert!(agent.text("schema", json!({})).await.contains("CREATE TABLE public.users ("));
        let users = agent.json("schema", json!({"names": ["users"]})).await;
        assert_eq!(users["schemas"][0]["tables"][0]["columns"][0]["name"], "id");
        let nothing = agent.json("schema", json!({"names": ["nobody"]})).await;
        assert_eq!(nothing["schemas"][0]["tables"], json!([]));
        assert!(agent.json("rules", json!({})).await["rules"].as_array().unwrap().len() > 50);
        assert!(agent.text("explain", json!({"rule": "table-dropped"})).await.contains("# table-dropped\n"));
    });
}

#[test]
fn what_cannot_be_answered_is_said() {
    let project = history();
    project.write("outside.sql", b"DROP TABLE users;");
    agent(&project, async |agent| {
        let cases = [
            ("check", json!({"paths": ["../outside.sql"]}), "`../outside.sql` is no path below the project's folder"),
            ("check", json!({"paths": ["/etc"]}), "`/etc` is no path below the project's folder"),
            ("check", json!({"path": "db"}), "unknown field `path`, expected one of `paths`, `sql`"),
            ("check", json!({"filename": "db/1.sql"}), "`filename` says where `sql` will be stored"),
            ("check", json!({"select": ["table-droped"]}), "is `table-dropped` meant?"),
            ("effects", json!({"pg": 12}), "invalid value '12' for '--pg <VERSION>'"),
            ("explain", json!({"rule": "x"}), "there is no rule `x`"),
        ];
        for (tool, arguments, expected) in cases {
            let refusal = agent.refusal(tool, arguments).await;
            assert!(refusal.contains(expected), "{refusal}");
        }
        assert!(agent.session.call_tool(CallToolRequestParams::new("fix")).await.is_err());
        let missing = agent.json("check", json!({"paths": ["db/9.sql"]})).await;
        assert_eq!(missing["problems"][0]["kind"], "read");
    });
}

#[test]
fn long_answers_are_cut_and_say_so() {
    let many: String = (0..2000).map(|it| format!("DROP TABLE t{it};\n")).collect();
    agent(&history(), async |agent| {
        let check = agent.json("check", json!({"sql": many})).await;
        let shown = check["findings"].as_array().unwrap().len();
        assert_eq!(check["cut"]["/findings"], json!({"shown": shown, "of": 2000}));
        assert_eq!(check["summary"]["warnings"], 2000);
    });
}
