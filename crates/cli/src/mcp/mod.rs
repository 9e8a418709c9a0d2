//! `lockkeeper mcp`: an agent's questions, answered as the command line answers them (Model Context Protocol).

mod bounds;
mod confined;
mod tools;

use crate::args::McpArgs;
use crate::host::Host;
use crate::{Outcome, path};
use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation, ListToolsResult,
    PaginatedRequestParams, ServerCapabilities, ServerConfig,
};
use rmcp::service::RequestContext;
use rmcp::transport::stdio;
use rmcp::{ErrorData, RoleServer, ServerHandler, ServiceExt};
use std::io;
use std::path::PathBuf;
use tools::Tool;

/// What an agent is told before it asks.
const INSTRUCTIONS: &str = "Lockkeeper says what a PostgreSQL migration will do before it runs: which tables it locks and who waits, what it \
     rewrites or scans, what PostgreSQL refuses, what data is lost. It replays the project's migration history, so name files by their path \
     in the project, or pass the SQL that you are about to write with the `filename` that it will get. Nothing is ever written.";

/// Serves the agent at the other end of standard input and output until it goes.
pub(crate) fn run(args: &McpArgs, host: &dyn Host) -> Outcome {
    match serve(args) {
        Ok(()) => Outcome::Clean,
        Err(error) => {
            host.stderr(&format!("error: {error}\n"));
            Outcome::Failed
        }
    }
}

fn serve(args: &McpArgs) -> io::Result<()> {
    let named = |error| io::Error::other(format!("{}: {error}", path::shown(&args.root)));
    std::env::set_current_dir(&args.root).map_err(named)?;
    let server = Server { root: std::env::current_dir()?.canonicalize().map_err(named)? };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let served = runtime.block_on(async {
        let running = server.serve(stdio()).await.map_err(io::Error::other)?;
        running.waiting().await.map_err(io::Error::other)
    });
    // A read of standard input that nobody waits for any more must not keep the process.
    runtime.shutdown_background();
    served.map(|_| ())
}

/// Answers calls of tools.
#[derive(Clone, Debug)]
struct Server {
    /// The project's folder, with all links resolved.
    root: PathBuf,
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        ServerConfig::new(ServerCapabilities::builder().enable_tools().build())
            .with_server_info(Implementation::new("lockkeeper", env!("CARGO_PKG_VERSION")))
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(Tool::ALL.iter().map(|it| it.described()).collect()))
    }

    async fn call_tool(
        &self,
        call: CallToolRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = Tool::of_name(&call.name) else {
            return Err(ErrorData::invalid_params(format!("there is no tool `{}`", call.name), None));
        };
        let root = self.root.clone();
        // On another thread, so that the session goes on meanwhile.
        let work = tokio::task::spawn_blocking(move || tool.answer(call.arguments.unwrap_or_default(), &root));
        let answer = work.await.map_err(|error| ErrorData::internal_error(error.to_string(), None))?;
        Ok(CallToolResponse::from(match answer {
            Ok(text) => CallToolResult::success(vec![ContentBlock::text(text)]),
            Err(text) => CallToolResult::error(vec![ContentBlock::text(text)]),
        }))
    }
}
