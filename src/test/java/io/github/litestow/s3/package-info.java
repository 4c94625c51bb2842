/** S3 servers for tests: two real ones, and a proxy before them that makes trouble. */
package io.github.litestow.s3;
