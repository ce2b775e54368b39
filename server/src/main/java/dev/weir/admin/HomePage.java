package dev.weir.admin;

import java.util.Collection;

/// The overview in a browser: a form for each page.
final class HomePage {
  private static final String HEAD =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <title>Weir admin</title>
      <style>
      body { font-family: sans-serif; margin: 2em; max-width: 60em; }
      form { border-top: 1px solid #ddd; padding: 0.6em 0; }
      label { display: block; margin: 0.3em 0 0 1.5em; color: #444; }
      button { font: inherit; color: #069; background: none; border: none; padding: 0;
               cursor: pointer; text-decoration: underline; }
      form[method=post] button { color: #a30; }
      </style>
      </head>
      <body>
      <h1>Weir admin</h1>
      """;

  private HomePage() {}

  static AdminResponse render(Collection<Page> pages) {
    return new AdminResponse(
        200,
        AdminResponse.HTML,
        out -> {
          out.append(HEAD);
          for (var page : pages) {
            if (!page.path().equals("/")) {
              out.append(form(page));
            }
          }
          out.append("</body>\n</html>\n");
        });
  }

  private static String form(Page page) {
    var out = new StringBuilder();
    var name = page.path().substring(1);
    out.append("<form action=\"").append(name).append("\" method=\"");
    out.append(page.mutates() ? "post" : "get").append("\">\n");
    out.append("<button>").append(name).append("</button> ").append(escape(page.help()));
    for (var parameter : page.parameters()) {
      out.append("\n<label>").append(input(parameter)).append(' ');
      out.append(escape(parameter.name() + ": " + parameter.help())).append("</label>");
    }
    return out.append("\n</form>\n").toString();
  }

  private static String input(Page.Parameter parameter) {
    var name = "name=\"" + parameter.name() + "\"";
    return switch (parameter.kind()) {
      case TEXT -> "<input type=\"text\" " + name + ">";
      case FLAG -> "<input type=\"checkbox\" " + name + ">";
      case CHOICE -> {
        var out = new StringBuilder("<select ").append(name).append('>');
        for (var choice : parameter.choices()) {
          out.append("<option>").append(choice).append("</option>");
        }
        yield out.append("</select>").toString();
      }
    };
  }

  /// Text as HTML shows it.
  static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
