/**
 * A replica in a bucket, {@code s3://}, through the AWS SDK (decision record 0007). Part of {@code
 * store}.
 */
package io.github.litestow.store.s3;
