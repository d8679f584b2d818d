//! What a learner has foreseen, beside what came.

use crate::exercise;

/// Holds guesses against what came: for each one what had happened, what came then, and a thought that helps.
///
/// # Panics
/// With a message for the learner at the first guess that is wrong. It does not say what came: finding that
/// out is the exercise.
#[track_caller]
pub fn foreseen(guesses: &[&str], story: &[(&str, String, &str)]) {
    // Not every keyboard has the sign for "and so on".
    let meant =
        |guess: &str| guess.trim().replace("...", "…").replace(" ␞", "␞").replace("␞ ", "␞");
    let right = |(guess, (_, came, _)): &(&&str, &(&str, String, &str))| meant(guess) == *came;
    let count = guesses.iter().zip(story).filter(right).count();
    let wrong = guesses.iter().zip(story).position(|both| !right(&both));
    let (of, exercise) = (story.len(), exercise());
    if let Some(at) = wrong {
        let (guess, (what, _, thought)) = (guesses[at], &story[at]);
        panic!(
            "\n\nYou foresaw {count} of {of}. Number {} is the first that is not right:\n  what      {what}\n  \
             you wrote {guess}\n\n{thought}\nEvery character counts. Look into {exercise}\n",
            at + 1
        );
    }
    assert!(
        guesses.len() == of,
        "\n\nThe story has {of} steps, and you wrote {} lines: one for each, please.\nLook into {exercise}\n",
        guesses.len()
    );
}
