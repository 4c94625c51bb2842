/**
 * Reads the settings of {@link io.github.litestow.LitestowConfig}: rules, names, inheritance, secret files,
 * {@code .env} and mistakes. Whatever leaves this package is complete and consistent; whatever is wrong
 * leaves it as one clear line for each mistake, and exit code 2.
 *
 * <p>Uses {@code outcome} only.
 */
package io.github.litestow.config;
