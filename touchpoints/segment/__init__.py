"""The wire protocol of the Segment and RudderStack SDKs, read into touchpoints of ours."""
