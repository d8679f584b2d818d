//! Any two numbers that are let in have a product.

use super::attach;

#[test]
fn small_numbers_have_a_product() {
    let mut ann = lesson::of(attach).client("Ann");
    ann.says(r#"42["times",{"a":6,"b":7}]"#);
    ann.hears(r#"42["product",{"product":42}]"#, "This has worked before, and still should.");
}

#[test]
fn large_numbers_have_a_product_too() {
    let mut bob = lesson::of(attach).client("Bob");
    for (a, b) in [(65_536, 65_536), (i32::MAX, i32::MAX), (i32::MIN, i32::MIN), (i32::MIN, 3)] {
        bob.says(&format!(r#"42["times",{{"a":{a},"b":{b}}}]"#));
        let product = i64::from(a) * i64::from(b);
        bob.hears(
            &format!(r#"42["product",{{"product":{product}}}]"#),
            "The result fits into an `i64`. But what is the type of the multiplication itself?",
        );
    }
}

#[test]
fn what_is_no_i32_is_refused() {
    let mut carol = lesson::of(attach).client("Carol");
    carol.says(r#"42["times",{"a":3000000000,"b":1}]"#);
    carol.hears(
        r#"42["refused","«why»"]"#,
        "The numbers that a client may send are `i32`. If larger ones come in, there is again a product that does not fit.",
    );
}
