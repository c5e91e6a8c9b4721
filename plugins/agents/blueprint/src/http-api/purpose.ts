/** Words that ask for something that is spoken to over HTTP. */
export const httpPurpose =
  /\b(apis?|rest(?:ful)?|http|endpoints?|backend|back end|back-end|web ?service|microservice|service|server|crud)\b/i;
