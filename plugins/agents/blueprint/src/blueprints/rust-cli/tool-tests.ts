/** tests/tool.rs: the same words for every tool; what differs is in its samples. */
export const toolTests = String.raw`//! What the tool promises, for each kind of thing.

mod support;

use std::fs;
use std::process::Stdio;

use support::samples::{DATA_VARIABLE, SAMPLES, TOOL};
use support::{listed, Tool};

#[test]
fn help_and_version_end_with_0() {
    let tool = Tool::new(&SAMPLES[0], "help");
    for word in ["--help", "--version"] {
        let ended = tool.call_plain(&[word]);
        assert_eq!(ended.code, Some(0));
        assert!(ended.out.contains(TOOL));
    }
    assert!(tool.call(&["--help"], &[]).out.contains("    add "));
}

#[test]
fn a_wrong_call_ends_with_2_and_says_why() {
    let tool = Tool::new(&SAMPLES[0], "wrong");
    let options = ["--nothing", "-x", "more", "--limit", "--limit=x"];
    let lists = options.map(|option| ["list", option]);
    let others = [["show", "one"], ["show", "--json"], ["none", "more"]];
    for words in lists.iter().chain(&others) {
        let ended = tool.call(words, &[]);
        assert_eq!(ended.code, Some(2), "{words:?}");
        assert_eq!(ended.out, "");
        assert!(ended.err.starts_with(&format!("{TOOL}: error: ")));
    }
    assert_eq!(tool.call_plain(&[]).code, Some(2));
}

#[test]
fn the_option_counts_before_the_environment() {
    let sample = &SAMPLES[0];
    let tool = Tool::new(sample, "settings");
    let home = tool.data.with_file_name("home");
    let add = [sample.group, &["add"], sample.first_words].concat();
    let mut own = tool.command(&add);
    own.env_remove(DATA_VARIABLE).env("HOME", &home);
    assert!(own.status().unwrap().success());
    let share = home.join(".local").join("share");
    let kept = share.join(TOOL).join("data.txt");
    assert_eq!(tool.list(&[]), "[]\n");
    let named = tool.list(&["--data", kept.to_str().unwrap()]);
    assert_eq!(named, listed(&[sample.first]));
}

#[test]
fn a_file_of_something_else_is_told_and_stays_as_it_is() {
    let sample = &SAMPLES[0];
    let tool = Tool::new(sample, "foreign");
    fs::create_dir_all(tool.data.parent().unwrap()).unwrap();
    fs::write(&tool.data, "something else\n").unwrap();
    for (verb, words) in [("list", &[][..]), ("add", sample.first_words)] {
        let ended = tool.call(&[verb], words);
        assert_eq!(ended.code, Some(1));
        assert!(ended.err.contains("cannot use the data file"));
    }
    let text = fs::read_to_string(&tool.data).unwrap();
    assert_eq!(text, "something else\n");
}

#[test]
fn calls_at_once_lose_nothing() {
    let sample = &SAMPLES[0];
    let tool = Tool::new(sample, "many");
    let add = [sample.group, &["add"], sample.first_words].concat();
    let mut calls = Vec::new();
    for _ in 0..8 {
        let mut call = tool.command(&add);
        call.stdout(Stdio::null()).stderr(Stdio::null());
        calls.push(call.spawn().unwrap());
    }
    let mut added = 0;
    for mut call in calls {
        added += usize::from(call.wait().unwrap().success());
    }
    assert!(added > 0);
    assert_eq!(tool.list(&[]).matches("\n    \"id\": ").count(), added);
}

#[test]
fn things_are_stored_and_printed_with_their_numbers() {
    for sample in SAMPLES {
        let tool = Tool::new(sample, "stored");
        assert_eq!(tool.list(&[]), "[]\n");
        let added = tool.call(&["add", "--json"], sample.first_words);
        assert_eq!(added.out, format!("{}\n", sample.first));
        assert_eq!(tool.call(&["show", "1", "--json"], &[]).out, added.out);
    }
}

#[test]
fn things_are_listed_all_or_some() {
    for sample in SAMPLES {
        let tool = Tool::with_both(sample, "listed");
        assert_eq!(tool.list(&[]), listed(&[sample.first, sample.second]));
        let second = tool.list(&["--limit", "1", "--offset", "1"]);
        assert_eq!(second, listed(&[sample.second]));
    }
}

#[test]
fn people_get_aligned_text() {
    for sample in SAMPLES {
        let tool = Tool::new(sample, "text");
        assert!(tool.call(&["list"], &[]).out.starts_with("No "));
        let added = tool.call(&["add"], sample.first_words);
        assert!(added.out.starts_with("Added "));
        assert!(tool.call(&["list"], &[]).out.starts_with("ID  "));
        assert!(tool.call(&["show", "1"], &[]).out.starts_with("id:"));
    }
}

#[test]
fn a_number_that_does_not_exist_is_told() {
    for sample in SAMPLES {
        let tool = Tool::with_both(sample, "missing");
        for verb in ["show", "update", "remove"] {
            let ended = tool.call(&[verb, "987654321"], &[]);
            assert_eq!(ended.code, Some(1));
            assert!(ended.err.contains("there is no"));
        }
    }
}

#[test]
fn lists_can_be_filtered_put_in_order_and_searched() {
    for sample in SAMPLES {
        let tool = Tool::with_both(sample, "found");
        let (first, second) = (sample.first, sample.second);
        if !sample.filter.is_empty() {
            assert_eq!(tool.list(sample.filter), listed(&[first]));
            let upwards = tool.list(&["--sort", sample.sort]);
            let downwards = tool.list(&["--sort", sample.sort, "--reverse"]);
            let both = [listed(&[first, second]), listed(&[second, first])];
            assert!(both.contains(&upwards) && both.contains(&downwards));
            assert_ne!(upwards, downwards);
        }
        if !sample.search.is_empty() {
            assert_eq!(tool.list(sample.search), listed(&[first]));
        }
        assert_eq!(tool.list(&["--search", "nowhere at all"]), "[]\n");
        let ended = tool.call(&["list", "--sort", "nothing"], &[]);
        assert_eq!(ended.code, Some(2));
    }
}

#[test]
fn updating_keeps_what_is_not_named() {
    for sample in SAMPLES {
        let tool = Tool::with_both(sample, "updated");
        let updated = tool.call(&["update", "1", "--json"], sample.change);
        assert!(updated.out.contains(sample.changed), "{}", updated.out);
        assert_eq!(tool.call(&["show", "1", "--json"], &[]).out, updated.out);
        let lines = sample.first.lines().count();
        assert_eq!(updated.out.lines().count(), lines);
    }
}

#[test]
fn removing_removes_no_other() {
    for sample in SAMPLES {
        let tool = Tool::with_both(sample, "removed");
        assert_eq!(tool.call(&["remove", "1"], &[]).code, Some(0));
        assert_eq!(tool.list(&[]), listed(&[sample.second]));
        assert_eq!(tool.call(&["remove", "1"], &[]).code, Some(1));
    }
}

#[test]
fn values_that_are_not_valid_are_refused() {
    for sample in SAMPLES {
        let tool = Tool::new(sample, "invalid");
        for (option, word, times) in sample.invalid {
            let value = format!("{option}={}", word.repeat(*times));
            let words = [sample.first_words, &[value.as_str()]].concat();
            let ended = tool.call(&["add"], &words);
            assert_eq!(ended.code, Some(2), "{value}");
            assert!(ended.err.contains(&format!("error: {option}: ")));
        }
        assert_eq!(tool.list(&[]), "[]\n");
    }
}

#[test]
fn what_is_required_cannot_be_left_out() {
    for sample in SAMPLES {
        let tool = Tool::new(sample, "required");
        let given = sample.first_words;
        for option in sample.required {
            let at = given.iter().position(|word| word == option);
            let at = at.expect("a sample has every required field");
            let words = [&given[..at], &given[at + 2..]].concat();
            let ended = tool.call(&["add"], &words);
            assert_eq!(ended.code, Some(2));
            assert!(ended.err.contains(option), "{}", ended.err);
        }
    }
}

#[test]
fn what_is_unique_is_taken_once() {
    for sample in SAMPLES {
        let tool = Tool::with_both(sample, "unique");
        for option in sample.unique {
            let words = sample.first_words;
            let at = words.iter().position(|word| word == option).unwrap();
            let ended = tool.call(&["update", "2"], &words[at..at + 2]);
            assert_eq!(ended.code, Some(1));
            let told = format!("{option}: is taken already");
            assert!(ended.err.contains(&told), "{}", ended.err);
        }
    }
}
`;
