use super::*;
use crate::socket::Binary;
use serde_json::json;

fn args(json: &str) -> Args {
    Args::parse(json, Vec::new()).unwrap()
}

fn items(value: impl Serialize) -> String {
    Encoded::of(&value).unwrap().items
}

#[test]
fn a_tuple_is_several_arguments_and_anything_else_is_one() {
    assert_eq!(items(()), "");
    assert_eq!(items(1), "1");
    assert_eq!(items("a"), "\"a\"");
    assert_eq!(items((1, "a")), "1,\"a\"");
    assert_eq!(items([1, 2]), "1,2");
    assert_eq!(items(vec![1, 2]), "[1,2]");
    assert_eq!(items((1, (2, 3))), "1,[2,3]");
    assert_eq!(items(None::<u8>), "null");
    assert_eq!(items(json!(null)), "null");
    assert_eq!(items(json!({ "b": 1, "a": 2 })), "{\"a\":2,\"b\":1}");
}

#[test]
fn arguments_are_read_by_position() {
    let all = args(r#"[1,"two",{"three":[true]}]"#);
    assert_eq!(all.read::<u8>().unwrap(), 1);
    assert_eq!(all.read::<(u8, String)>().unwrap(), (1, "two".to_owned()));
    assert_eq!(all.read::<(u8, String, Value)>().unwrap().2, json!({ "three": [true] }));
    all.read::<()>().unwrap();
}

#[test]
fn what_did_not_come_is_null() {
    let none = args("[]");
    assert_eq!(none.read::<Option<u8>>().unwrap(), None);
    assert_eq!(none.read::<(Option<u8>, Value)>().unwrap(), (None, Value::Null));
    assert!(none.read::<String>().is_err());
}

#[test]
fn an_error_names_the_argument() {
    let error = args("[1,2]").read::<(u8, String)>().unwrap_err().to_string();
    assert!(error.starts_with("argument 2: invalid type: integer `2`"), "{error}");
}

#[test]
fn kinds_of_types_are_read_as_they_are_declared() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Newtype(u8);
    #[derive(Debug, PartialEq, Deserialize)]
    enum Choice {
        One,
        Two { x: u8 },
    }
    #[derive(Debug, PartialEq, Deserialize)]
    struct Named {
        x: u8,
    }
    assert_eq!(args("[7]").read::<Newtype>().unwrap(), Newtype(7));
    assert_eq!(args("[\"One\"]").read::<Choice>().unwrap(), Choice::One);
    assert_eq!(args("[{\"Two\":{\"x\":3}}]").read::<Choice>().unwrap(), Choice::Two { x: 3 });
    assert_eq!(args("[{\"x\":3}]").read::<Named>().unwrap(), Named { x: 3 });
    assert_eq!(args("[[1,2]]").read::<Vec<u8>>().unwrap(), [1, 2]);
    assert_eq!(args("[null]").read::<Option<u8>>().unwrap(), None);
    assert_eq!(args("[3]").read::<Box<RawValue>>().unwrap().get(), "3");
}

#[test]
fn args_pass_through_to_the_byte() {
    let json = r#"[1.0,-0,1e400,"é\u00e9",{"b":1,"a":[ ]},18446744073709551616]"#;
    let passed: Args = args(json).read().unwrap();
    assert_eq!(format!("[{}]", items(&passed)), json);
}

#[test]
fn binary_leaves_and_comes_back() {
    let out = Encoded::of(&("a", vec![Binary::from(vec![1]), Binary::from(vec![2, 3])])).unwrap();
    assert_eq!(out.items, r#""a",[{"_placeholder":true,"num":0},{"_placeholder":true,"num":1}]"#);
    assert_eq!(out.attachments, [vec![1], vec![2, 3]]);
    let back = Args::parse(&format!("[{}]", out.items), out.attachments).unwrap();
    let (_, binary): (String, Vec<Binary>) = back.read().unwrap();
    assert_eq!(*binary[1], [2, 3]);
}

#[test]
fn binary_inside_args_is_numbered_anew_behind_other_binary() {
    let json = r#"[{"_placeholder":true,"num":0}]"#;
    let inner = Args::parse(json, vec![Bytes::from_static(&[9])]).unwrap();
    let out = Encoded::of(&(Binary::from(vec![1]), inner)).unwrap();
    assert_eq!(out.items, r#"{"_placeholder":true,"num":0},[{"_placeholder":true,"num":1}]"#);
    assert_eq!(out.attachments, [vec![1], vec![9]]);
}

#[test]
fn binary_without_its_attachment_is_an_error() {
    let missing = args(r#"[{"_placeholder":true,"num":0}]"#);
    assert!(missing.read::<Binary>().is_err());
    assert!(missing.read::<Value>().is_ok(), "as plain data it is an object like any other");
    assert!(args("[\"text\"]").read::<Binary>().is_err());
}

#[test]
fn placeholders_name_each_attachment_once() {
    let named = |num: Value| json!([{ "_placeholder": true, "num": num }]);
    let is_sound = |json: Value, attachments| {
        let attachments = vec![Bytes::new(); attachments];
        Args::parse(&json.to_string(), attachments).unwrap().are_attachments_sound()
    };
    assert!(is_sound(named(json!(0)), 1));
    assert!(is_sound(json!(["none"]), 2));
    for bad in [json!(1), json!(-1), json!("0"), json!(null), json!("__proto__"), json!(true)] {
        assert!(!is_sound(named(bad.clone()), 1), "{bad}");
    }
    let twice = json!([{ "_placeholder": true, "num": 0 }, { "_placeholder": true, "num": 0 }]);
    assert!(!is_sound(twice, 1));
    assert!(!is_sound(json!([{ "_placeholder": true }]), 1));
}

#[test]
fn a_value_that_panics_leaves_nothing_to_the_next() {
    struct Panics;
    impl Serialize for Panics {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            Binary::from(vec![1]).serialize(serializer)?;
            panic!("on purpose");
        }
    }
    std::panic::catch_unwind(|| Encoded::of(&Panics).map(|_| ())).unwrap_err();
    assert_eq!(serde_json::to_string(&Binary::from(vec![2])).unwrap(), "[2]", "outside a packet");
}
