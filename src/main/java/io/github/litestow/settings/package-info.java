/**
 * Maps, validates and redacts the configuration into immutable values. Whatever leaves this package
 * is complete and consistent; whatever is wrong leaves it as one clear line and exit code 2.
 *
 * <p>Uses {@code outcome} only.
 */
package io.github.litestow.settings;
