package io.github.litestow.page;

import io.quarkus.qute.TemplateData;

/**
 * What every page has.
 *
 * @param assets what tells this build's scripts and styles from others
 * @param actions whether the settings have a token, so that buttons can work
 * @param version of this build
 */
@TemplateData
public record Frame(String assets, boolean actions, String version) {}
