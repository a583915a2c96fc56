//! A plan as JSON, against its schema.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use tributary_sandbox::signin::Product;

use crate::stand::Stand;

/// Checks a plan against its schema, which must know every key of it, and gives what becomes of its pages.
fn checked(plan: &Value) -> BTreeSet<String> {
    let text = include_str!("../../../../docs/schemas/plan.schema.json");
    let schema: Value = serde_json::from_str(text).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a correct schema");
    let mistakes: Vec<String> = validator
        .iter_errors(plan)
        .map(|mistake| format!("{}: {mistake}", mistake.instance_path()))
        .collect();
    assert!(mistakes.is_empty(), "{mistakes:#?}\n{plan:#}");
    let described = |pointer: &str, value: &Value| {
        let known = schema.pointer(pointer).and_then(Value::as_object);
        let known = known.expect("it is described");
        for key in value.as_object().expect("an object").keys() {
            assert!(known.contains_key(key), "the schema does not say `{key}`");
        }
    };
    described("/properties", plan);
    let steps = plan["steps"].as_array().expect("a list");
    for step in steps {
        described("/$defs/step/properties", step);
    }
    let kinds = steps.iter().filter_map(|step| step["step"].as_str());
    kinds.map(str::to_owned).collect()
}

fn set(kinds: &[&str]) -> BTreeSet<String> {
    kinds.iter().map(|kind| (*kind).to_owned()).collect()
}

#[test]
fn every_kind_of_step_is_as_its_schema_says() {
    let drawn = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>";
    let alpha = |pears: &str| format!("# Alpha\n\nOne apple.\n\n{pears}\n\n![A](a.svg)\n");
    let front = "---\nlabels: [ours]\nrestrictions:\n  edit: [zoe]\n---\n";
    let stand = Stand::new(&[
        ("a.md", &alpha("Two pears.")),
        ("a.svg", drawn),
        ("b.md", &format!("{front}# Beta\n\nOne apple.\n")),
        ("c.md", "# Gamma\n\nSome pears.\n"),
        ("d.md", "# Delta\n\nSome plums.\n\n[Nowhere](x.md)\n"),
        ("deep/e.md", "# Epsilon\n\nSome nuts.\n"),
    ]);
    let control = stand.control();
    let theirs = control.create_page_by_hand(Product::Cloud, "DOCS", None, "Delta", "<p>1</p>");
    theirs.expect("there");
    let with = |more: &[&str]| stand.cloud("plan", &[&["--json"], more].concat());
    let plan = with(&["--diff", "--folders"]).ended(0).json();
    assert_eq!(checked(&plan), set(&["create"]));
    let steps = plan["steps"].as_array().expect("a list");
    for key in ["title_choice", "restrictions", "type", "diff"] {
        assert!(steps.iter().any(|step| !step[key].is_null()), "{key}");
    }
    stand.cloud("publish", &[]).ended(0);

    let page = stand.page("Alpha");
    let edited = page.body.replace("One apple.", "One red apple.");
    let version = control.edit_page_by_hand(Product::Cloud, &page.id, &edited);
    version.expect("there");
    stand.put("a.md", alpha("Two ripe pears."));
    stand.put("b.md", format!("{front}# Beta\n\nTwo apples.\n"));
    fs::remove_file(stand.docs().join("c.md")).expect("it was there");
    let plan = with(&["--diff"]).ended(1).json();
    let kinds = ["leave", "orphan", "refuse", "update"];
    assert_eq!(checked(&plan), set(&kinds));
    let steps = plan["steps"].as_array().expect("a list");
    assert!(steps.iter().any(|step| step["edit"].is_array()));
    let all = ["--orphan-limit", "100", "--on-conflict", "merge"];
    for goes in ["archive", "trash"] {
        let plan = with(&[&all[..], &["--on-orphan", goes]].concat());
        let kinds = ["leave", "merge", "update", goes];
        assert_eq!(checked(&plan.ended(0).json()), set(&kinds));
    }
}
