use channel_assistant::telegram::{LEAST_BODY, Mode, TelegramConfig};

/// Checks what the section alone cannot know: the stack reads a body before
/// the webhook does.
pub(super) fn validate(config: &TelegramConfig, body_limit: usize) -> Result<(), String> {
    config.validate().map_err(|problem| format!("telegram.{problem}"))?;
    if config.is_there() && config.mode == Mode::Webhook && body_limit < LEAST_BODY {
        return Err("http.body_limit_bytes: at least 131,072 where telegram.mode is \"webhook\", \
                    or Telegram repeats its longest updates in vain"
            .into());
    }
    Ok(())
}
