/**
 * The promises of the outside contract, asked of the packaged program: each test starts the jar as a
 * process in a folder of its own, with a clean environment and the real litestream.
 */
package io.github.litestow.packaged;
