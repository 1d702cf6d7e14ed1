//! Kinds of files, and their names, as they are sent.

use crate::mime::file_name::sanitise;
use crate::model::Attachment;

/// A file's name as it is sent: no directories, nothing a file system refuses.
pub(super) fn file_name(attachment: &Attachment) -> String {
    sanitise(&attachment.name).unwrap_or_else(|| "attachment".to_owned())
}

/// `type/subtype` as it is sent.
pub(super) fn media_type(attachment: &Attachment) -> String {
    let given = attachment.media_type.trim().to_ascii_lowercase();
    let token = |text: &str| {
        !text.is_empty()
            && text.len() <= 60
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
    };
    let fits = given.split_once('/').is_some_and(|(a, b)| token(a) && token(b));
    // A file is no multipart, whatever it is called.
    if fits && !given.starts_with("multipart/") && given != "message/partial" {
        return given;
    }
    by_name(&attachment.name).to_owned()
}

/// The kind a name's ending stands for.
fn by_name(name: &str) -> &'static str {
    let ending = name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase()).unwrap_or_default();
    match ending.as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "heic" => "image/heic",
        "svg" => "image/svg+xml",
        "pdf" => "application/pdf",
        "zip" => "application/zip",
        "hwp" => "application/x-hwp",
        "hwpx" => "application/hwp+zip",
        "doc" => "application/msword",
        "xls" => "application/vnd.ms-excel",
        "ppt" => "application/vnd.ms-powerpoint",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "txt" | "log" | "md" => "text/plain",
        "csv" => "text/csv",
        "html" | "htm" => "text/html",
        "ics" => "text/calendar",
        "vcf" => "text/vcard",
        "mp3" => "audio/mpeg",
        "mp4" => "video/mp4",
        "mov" => "video/quicktime",
        "eml" => "message/rfc822",
        _ => "application/octet-stream",
    }
}

/// A letter that goes along whole: message/rfc822 may not be encoded (RFC 2046 section
/// 5.2.1), so only one that is 7-bit clean, with lines that fit, can be one. With CRLF.
pub(super) fn whole_letter(bytes: &[u8]) -> Option<Vec<u8>> {
    if !bytes.is_ascii() || bytes.contains(&0) {
        return None;
    }
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 40);
    for line in bytes.split_inclusive(|b| *b == b'\n') {
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.len() > 998 || line.contains(&b'\r') {
            return None;
        }
        out.extend_from_slice(line);
        out.extend_from_slice(b"\r\n");
    }
    Some(out)
}
