//! `cargo run -p wire -- FILE COMMAND…`: starts a server and plays a transcript against it.

use std::process::{Command, ExitCode};
use wire::{Server, Transcript, play};

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, program, rest @ ..] = args.as_slice() else {
        eprintln!(
            "usage: wire FILE COMMAND…   COMMAND starts a server that listens on $PORT and says so"
        );
        return ExitCode::FAILURE;
    };
    let played =
        Transcript::read(file.as_ref()).map_err(|error| error.to_string()).and_then(|file| {
            let server = Server::start(Command::new(program).args(rest));
            let mut server = server.map_err(|error| format!("{program}: {error}"))?;
            play(&file, &mut server).map_err(|error| error.to_string())
        });
    match played {
        Ok(()) => {
            println!("{file}: every line holds");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
