package dev.weir.admin;

import dev.weir.config.TextMatch;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All pages by their path, with the two that tell of them: `/` and `/help`.
final class PageIndex {
  private final SequencedMap<String, Page> pages = new TreeMap<>();
  private final List<TextMatch> allowed;

  /// @param pages all but `/` and `/help`
  /// @param allowed the targets that are served; all where empty
  PageIndex(List<Page> pages, List<TextMatch> allowed) {
    this.allowed = allowed;
    pages.forEach(this::add);
    add(Page.view("/", "This overview", _ -> HomePage.render(this.pages.values())));
    add(Page.view("/help", "List the paths of this interface", _ -> AdminResponse.text(help())));
  }

  private void add(Page page) {
    pages.put(page.path(), page);
  }

  /// Whether a target is served, whatever it is.
  boolean allows(String target) {
    return allowed.isEmpty() || allowed.stream().anyMatch(match -> match.test(target));
  }

  /// The page of that very path; null where there is none.
  @Nullable Page find(String path) {
    return pages.get(path);
  }

  /// What a path that does not exist is answered with.
  AdminResponse unknown() {
    return AdminResponse.text(404, "invalid path. " + help());
  }

  private String help() {
    var out = new StringBuilder("admin commands are:\n");
    for (var page : pages.values()) {
      var post = page.mutates() ? " (POST)" : "";
      out.append("  ").append(page.path()).append(post).append(": ").append(page.help());
      out.append('\n');
      for (var parameter : page.parameters()) {
        out.append("      ").append(parameter.name()).append(": ").append(parameter.help());
        if (!parameter.choices().isEmpty()) {
          out.append("; One of (").append(String.join(", ", parameter.choices())).append(')');
        }
        out.append('\n');
      }
    }
    return out.toString();
  }
}
