package io.github.litestow.page;

import io.quarkus.qute.RawString;
import io.quarkus.qute.TemplateData;

/**
 * One kind of failure.
 *
 * @param kind its label
 * @param exitCode what a command ends with
 * @param meaning what it means; words between backticks are to be read as code
 * @param mend what to do, written in the same way
 */
@TemplateData
public record Mend(String kind, String exitCode, String meaning, String mend) {

    /** Returns what it means, as HTML. */
    public RawString meaningHtml() {
        return html(meaning);
    }

    /** Returns what to do, as HTML. */
    public RawString mendHtml() {
        return html(mend);
    }

    private static RawString html(String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
        return new RawString(escaped.replaceAll("`([^`]*)`", "<code>$1</code>"));
    }
}
