//! What mail programs write before the subject of an answer, or of a letter handed on.

/// Before answers, in lower case.
pub const ANSWERS: [&str; 11] =
    ["re", "aw", "sv", "antw", "rif", "回复", "回覆", "返信", "답장", "회신", "re^2"];

/// Before letters handed on, in lower case.
pub const FORWARDS: [&str; 8] = ["fwd", "fw", "wg", "tr", "转发", "轉寄", "전달", "転送"];

/// The word before the first colon of a subject, in lower case and without what `counts`
/// begins (`Re[2]:` counts answers), and what stands behind the colon.
pub fn first_word<'s>(subject: &'s str, counts: &[char]) -> Option<(String, &'s str)> {
    let (word, rest) = subject.split_once([':', '：'])?;
    let word = word.split(counts).next().unwrap_or(word).trim().to_lowercase();
    Some((word, rest))
}
