//! The `lanthorn` command.

fn main() -> std::process::ExitCode {
    // No transport yet: Tor is put under the crawl in crates/tor. Until then `crawl run` says so and fetches nothing.
    cli::main(cli::Composition::shipped())
}
