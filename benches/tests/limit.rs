//! The load generator against the bare server: what is sent, is counted.

use benches::outcome::Outcome;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

struct Server(Child, u16);

impl Server {
    fn start(form: &str) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        drop(listener);
        let limit = env!("CARGO_BIN_EXE_limit");
        let server = Command::new(limit).args([&port.to_string(), form]).spawn().unwrap();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            sleep(Duration::from_millis(5));
        }
        Self(server, port)
    }

    fn load(&self, scenario: &str) -> Command {
        let mut load = Command::new(env!("CARGO_BIN_EXE_load"));
        load.args([&self.1.to_string(), &self.0.id().to_string(), scenario, "0.3"]);
        load.stdout(Stdio::piped()).stderr(Stdio::piped()).env("RUST_BACKTRACE", "0");
        load
    }

    fn play(&self, scenario: &str) -> Outcome {
        let output = self.load(scenario).output().unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{scenario}: {complaint}");
        serde_json::from_slice(&output.stdout).unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

#[test]
fn each_scenario_that_the_limit_knows_has_an_outcome() {
    for form in ["frame", "batch"] {
        let server = Server::start(form);
        for scenario in ["fan-100", "echo"] {
            let outcome = server.play(scenario);
            let (median, late) = outcome.latency.unwrap();
            assert!(outcome.rate > 100.0 && outcome.cpu > 0.0, "{form} {scenario}: {outcome:?}");
            assert!(median > 0.0 && late >= median, "{form} {scenario}: {outcome:?}");
        }
    }
}

#[test]
fn a_paced_scenario_counts_twenty_messages_a_second_for_each_client() {
    let outcome = Server::start("batch").play("paced-100");
    // In 0.3 s that is six messages, one or two more or less.
    assert!((1_200.0..2_800.0).contains(&outcome.rate), "{outcome:?}");
}

#[test]
fn a_server_that_ends_ends_the_load() {
    let mut server = Server::start("batch");
    let load = server.load("idle-5000").spawn().unwrap();
    sleep(Duration::from_millis(100));
    server.0.kill().unwrap();
    let output = load.wait_with_output().unwrap();
    assert!(!output.status.success());
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(complaint.contains("the server"), "{complaint}");
}
