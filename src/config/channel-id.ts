/** A Slack channel: public and private ones begin with C, older private ones with G. */
export const CHANNEL_ID = /^[CG][A-Z0-9]{7,}$/;
