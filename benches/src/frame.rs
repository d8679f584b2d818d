//! As much of RFC 6455 as two ends that trust each other need.

/// The header of a frame that has arrived in full, and where its payload is.
#[derive(Debug, Clone, Copy)]
pub struct Frame {
    /// 1 for text, 8 for close.
    pub opcode: u8,
    /// What a client's payload is masked with.
    pub key: Option<[u8; 4]>,
    /// Where the payload begins.
    pub start: usize,
    /// Where the frame ends.
    pub end: usize,
}

/// The first frame of `bytes`, or `None` when some of it is still to come.
pub fn read(bytes: &[u8]) -> Option<Frame> {
    let (&[first, second], mut rest) = bytes.split_first_chunk()?;
    let mut length = usize::from(second & 0x7f);
    if length == 126 {
        let (&wide, after) = rest.split_first_chunk()?;
        (length, rest) = (u16::from_be_bytes(wide).into(), after);
    } else if length == 127 {
        let (&wide, after) = rest.split_first_chunk()?;
        (length, rest) = (u64::from_be_bytes(wide) as usize, after);
    }
    let mut key = None;
    if second & 0x80 != 0 {
        let (&masked, after) = rest.split_first_chunk()?;
        (key, rest) = (Some(masked), after);
    }
    let start = bytes.len() - rest.len();
    (rest.len() >= length).then_some(Frame {
        opcode: first & 0x0f,
        key,
        start,
        end: start + length,
    })
}

/// A text frame of a server.
pub fn push_server(text: &[u8], out: &mut Vec<u8>) {
    push(text, None, out);
}

/// A text frame of a client. A key of zeros leaves the text as it is, so that a prepared frame can be
/// stamped without masking it anew; the server has the same work with any key.
pub fn push_client(text: &[u8], out: &mut Vec<u8>) {
    push(text, Some([0; 4]), out);
}

fn push(text: &[u8], key: Option<[u8; 4]>, out: &mut Vec<u8>) {
    let mask = if key.is_some() { 0x80 } else { 0 };
    out.push(0x81);
    match text.len() {
        length @ ..126 => out.push(mask | length as u8),
        length => {
            out.push(mask | 126);
            let length = u16::try_from(length).expect("the scenarios send small messages");
            out.extend(length.to_be_bytes());
        }
    }
    out.extend(key.iter().flatten());
    out.extend(text);
}

#[cfg(test)]
mod tests;
