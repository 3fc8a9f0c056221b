//! The document as a page for people: plain HTML, no script, nothing from
//! elsewhere.

use std::fmt::Write as _;

use serde_json::Value;

/// What the page may load: its own style.
pub(crate) const POLICY: &str =
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Its style.
pub(crate) const STYLE: &str = include_str!("docs.css");

/// The page of an OpenAPI document.
pub(crate) fn of(document: &Value) -> String {
    let mut html = String::with_capacity(64 * 1_024);
    let info = &document["info"];
    let title = escaped(&info["title"]);
    let wrote = write!(
        html,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"docs.css\">\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n{}\n\
         <p><a href=\"openapi.json\">openapi.json</a> · OpenAPI {} · {}</p>\n",
        paragraphs(&info["description"]),
        escaped(&document["openapi"]),
        escaped(&info["version"]),
    );
    debug_assert!(wrote.is_ok(), "writing to a string cannot fail");
    for (path, item) in members(&document["paths"]) {
        for (method, operation) in members(item) {
            put_operation(&mut html, path, method, operation);
        }
    }
    html.push_str("<h2>Schemas</h2>\n");
    for (name, schema) in members(&document["components"]["schemas"]) {
        put_schema(&mut html, name, schema);
    }
    html.push_str("</main>\n</body>\n</html>\n");
    html
}

fn put_operation(html: &mut String, path: &str, method: &str, operation: &Value) {
    html.push_str(&format!(
        "<section id=\"{id}\">\n<h2><code><b>{method}</b> {path}</code></h2>\n<p><strong>{summary}</strong></p>\n{text}\n",
        id = escaped(&operation["operationId"]),
        method = escape(&method.to_uppercase()),
        path = escape(path),
        summary = escaped(&operation["summary"]),
        text = paragraphs(&operation["description"]),
    ));
    let parameters = operation["parameters"].as_array().map(Vec::as_slice).unwrap_or_default();
    if !parameters.is_empty() {
        html.push_str("<table>\n<thead><tr><th scope=\"col\">Parameter</th><th scope=\"col\">In</th><th scope=\"col\">Meaning</th></tr></thead>\n<tbody>\n");
        for parameter in parameters {
            html.push_str(&format!(
                "<tr><td><code>{}</code></td><td>{}</td><td>{}</td></tr>\n",
                escaped(&parameter["name"]),
                escaped(&parameter["in"]),
                code_spans(parameter["description"].as_str().unwrap_or_default()),
            ));
        }
        html.push_str("</tbody>\n</table>\n");
    }
    if let Some(name) = reference(&operation["requestBody"]["content"]["application/json"]["schema"]) {
        html.push_str(&format!("<p>Body: {}</p>\n", link(name)));
    }
    html.push_str("<table>\n<thead><tr><th scope=\"col\">Status</th><th scope=\"col\">When</th><th scope=\"col\">Body</th></tr></thead>\n<tbody>\n");
    for (status, response) in members(&operation["responses"]) {
        let body = members(&response["content"]).find_map(|(_, media)| reference(&media["schema"]));
        html.push_str(&format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            escape(status),
            code_spans(response["description"].as_str().unwrap_or_default()),
            body.map(link).unwrap_or_default(),
        ));
    }
    html.push_str("</tbody>\n</table>\n</section>\n");
}

fn put_schema(html: &mut String, name: &str, schema: &Value) {
    html.push_str(&format!(
        "<section id=\"schema-{name}\">\n<h3>{name}</h3>\n{text}\n<table>\n<thead><tr><th scope=\"col\">Member</th>\
         <th scope=\"col\">Kind</th><th scope=\"col\">Meaning</th></tr></thead>\n<tbody>\n",
        name = escape(name),
        text = paragraphs(&schema["description"]),
    ));
    let required = schema["required"].as_array().map(Vec::as_slice).unwrap_or_default();
    for (member, of) in members(&schema["properties"]) {
        let must = if required.iter().any(|name| name == member) { "" } else { " (optional)" };
        html.push_str(&format!(
            "<tr><td><code>{}</code>{must}</td><td>{}</td><td>{}</td></tr>\n",
            escape(member),
            kind(of),
            code_spans(of["description"].as_str().unwrap_or_default()),
        ));
    }
    html.push_str("</tbody>\n</table>\n</section>\n");
}

/// `string (date-time)`, a link, or a list of one of them.
fn kind(schema: &Value) -> String {
    if let Some(name) = reference(schema) {
        return link(name);
    }
    if schema["items"].is_object() {
        return format!("list of {}", kind(&schema["items"]));
    }
    let one_of = schema["oneOf"].as_array().map(Vec::as_slice).unwrap_or_default();
    if let Some(name) = one_of.iter().find_map(reference) {
        return format!("{} or null", link(name));
    }
    let plain = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" or "),
        other => other.as_str().unwrap_or_default().to_owned(),
    };
    match schema["format"].as_str() {
        Some(format) => format!("{} ({})", escape(&plain), escape(format)),
        None => escape(&plain),
    }
}

fn reference(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.rsplit('/').next()
}

fn link(name: &str) -> String {
    let name = escape(name);
    format!("<a href=\"#schema-{name}\">{name}</a>")
}

fn members(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value))
}

fn paragraphs(text: &Value) -> String {
    let text = text.as_str().unwrap_or_default();
    text.split("\n\n").filter(|part| !part.is_empty()).map(|part| format!("<p>{}</p>", code_spans(part))).collect()
}

/// Escaped, with `` `words` `` as code.
fn code_spans(text: &str) -> String {
    let escaped = escape(text);
    let mut parts = escaped.split('`');
    let mut html = parts.next().unwrap_or_default().to_owned();
    while let (Some(code), after) = (parts.next(), parts.next()) {
        html.push_str(&format!("<code>{code}</code>{}", after.unwrap_or_default()));
    }
    html
}

fn escaped(value: &Value) -> String {
    escape(value.as_str().unwrap_or_default())
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for sign in text.chars() {
        match sign {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_document_becomes_markup() {
        let document = serde_json::json!({
            "openapi": "3.1.0",
            "info": { "title": "<script>", "version": "1", "description": "a `b<i>` c" },
            "paths": { "/x": { "get": { "summary": "\"quoted\"", "responses": { "200": { "description": "<b>" } } } } },
        });
        let html = of(&document);
        assert!(!html.contains("<script>") && !html.contains("<i>"));
        assert!(html.contains("&lt;script&gt;") && html.contains("a <code>b&lt;i&gt;</code> c"));
        assert!(html.contains("<b>GET</b> /x") && html.contains("&quot;quoted&quot;"));
    }
}
