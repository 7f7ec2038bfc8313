//! The `lanthorn` command: the command line over Tor.

fn main() -> std::process::ExitCode {
    cli::main(cli::Composition::new(cli::Network::Tor))
}
