/** EventBridge `source`; rules match on it, and the publisher's IAM role allows no other. */
export const eventSource = 'client-registration'
