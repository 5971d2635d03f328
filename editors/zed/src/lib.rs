use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree};

/// Starts the `maddyc` that the user has installed.
struct MaddyExtension;

impl zed::Extension for MaddyExtension {
    fn new() -> Self {
        MaddyExtension
    }

    fn language_server_command(&mut self, _server: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let command = worktree
            .which("maddyc")
            .ok_or("maddyc is not in PATH: install it, then open the file again")?;
        Ok(Command {
            command,
            args: vec!["lsp".into(), "--stdio".into()],
            env: worktree.shell_env(),
        })
    }
}

zed::register_extension!(MaddyExtension);
