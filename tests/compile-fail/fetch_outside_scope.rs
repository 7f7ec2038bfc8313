//! No socket outside scope: a transport takes a target, and a URL is none.

fn fetch(transport: &dyn crawler::Transport, request: crawler::Request) {
    let _response = transport.fetch("http://elsewhere.example/", request);
}

fn main() {}
